import { Command } from '@commander-js/extra-typings';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';

export const log = new Command('log')
  .summary('list what was done to a site, by whom, and when')
  .description(
    'List what was done to a site: uploads and why some were refused, yanks, removals, moves, tokens. By whom, when, from where. The oldest first.',
  )
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .option('--token <name>', 'what this token did, and what became of it')
  .option('--project <name>', 'what was done to this project')
  .option('--since <day>', 'from this day on, like 2026-11-29')
  .option('--json', 'print each event as a line of JSON, and nothing else')
  .action(async (site, options) => {
    const { printLog } = await import('../log/print-log.ts');
    await printLog(chooseSite(site, options.site), options);
  });
