import { Command } from '@commander-js/extra-typings';
import { chooseSite, SITE_OPTION } from '../site-argument.ts';

export const show = new Command('show')
  .summary('show what is in a file or project, and why a file is held')
  .description(
    'Show a file (by its path, or by its name in the site) or a project: metadata, tags, members, hash, and why a file is held. Changes nothing.',
  )
  .argument('<file|project>', 'a path, the name of a file in the site, or the name of a project')
  .option(...SITE_OPTION)
  .option('--json', 'print all that is known as JSON, and nothing else')
  .action(async (what, options) => {
    const { showAnything } = await import('../show/show-anything.ts');
    process.exitCode = await showAnything(what, {
      site: chooseSite(undefined, options.site),
      json: options.json === true,
    });
  });
