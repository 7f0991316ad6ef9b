import { Command } from '@commander-js/extra-typings';
import {
  ALLOW_HTTP,
  AT_OPTION,
  IN_OPTION,
  JSON_OPTION,
  NO_BUILD,
  SITE,
  WHAT_ARGUMENT,
} from '../housekeeping/options.ts';

export const yank = new Command('yank')
  .summary('let installers pass over a version, but for those that name it')
  .description(
    'Yank versions or single files (PEP 592): installers pass over them, unless a lock file or == names them. Nothing is deleted, and "kho unyank" undoes it. It is the right thing for a broken release.',
  )
  .argument(...WHAT_ARGUMENT)
  .option('--reason <text>', 'why, in a sentence: installers and pages show it')
  .option(...IN_OPTION)
  .option(...SITE)
  .option(...AT_OPTION)
  .option(...ALLOW_HTTP)
  .option(...NO_BUILD)
  .option(...JSON_OPTION)
  .action(async (what, options) => {
    const { runYank } = await import('../housekeeping/run-housekeeping.ts');
    await runYank(what, options);
  });

export const unyank = new Command('unyank')
  .summary('undo a yank')
  .description('Take a yank back: installers take these versions or files again.')
  .argument(...WHAT_ARGUMENT)
  .option(...IN_OPTION)
  .option(...SITE)
  .option(...AT_OPTION)
  .option(...ALLOW_HTTP)
  .option(...NO_BUILD)
  .option(...JSON_OPTION)
  .action(async (what, options) => {
    const { runUnyank } = await import('../housekeeping/run-housekeeping.ts');
    await runUnyank(what, options);
  });
