import { Command } from '@commander-js/extra-typings';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';

export const status = new Command('status')
  .summary('tell whether a site is well: what runs, what waits, what fills up; for monitoring')
  .description(
    'Tell how a site is: what publishes it, when something was published last, whether that is stuck and why, room on the disk, what grows, tokens that expire. Changes nothing. Exits with 0 where all is well, with 1 where somebody should look, with 2 where nothing new is published.',
  )
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .option('--json', 'print it as JSON, and nothing else')
  .action(async (site, options) => {
    const { showStatus } = await import('../status/show-status.ts');
    process.exitCode = await showStatus(chooseSite(site, options.site), options);
  });
