import { Command } from '@commander-js/extra-typings';
import { ALLOW_HTTP, AT_OPTION, JSON_OPTION, NO_BUILD, SITE, WHAT_ARGUMENT } from '../housekeeping/options.ts';

export const move = new Command('move')
  .summary('promote versions or files to another repository')
  .description(
    'Move versions or files from one repository to another: from the one where a release is tried out to the one for all. The same bytes, with their signatures; all of them, or none.',
  )
  .argument(...WHAT_ARGUMENT)
  .requiredOption('--to <repository>', 'where they go')
  .option('--in <repository>', 'where they are now, if several repositories have files of these names')
  .option(...SITE)
  .option(...AT_OPTION)
  .option(...ALLOW_HTTP)
  .option(...NO_BUILD)
  .option(...JSON_OPTION)
  .action(async (what, options) => {
    const { runMove } = await import('../housekeeping/run-housekeeping.ts');
    await runMove(what, options);
  });
