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

export const remove = new Command('remove')
  .summary('take versions or files out of what is published')
  .description(
    'Take versions or single files out of what is published, into the trash, from where "kho restore" brings them back. Other bytes can never be published under their names again. For a broken release, "kho yank" is better: lock files that name it go on working.',
  )
  .argument(...WHAT_ARGUMENT)
  .option('--reason <text>', 'why: it stands in the log')
  .option(...IN_OPTION)
  .option('--yes', 'do not ask first')
  .option('--force', 'also what has been published for more than 7 days, and lock files may name')
  .option(...SITE)
  .option(...AT_OPTION)
  .option(...ALLOW_HTTP)
  .option(...NO_BUILD)
  .option(...JSON_OPTION)
  .action(async (what, options) => {
    const { runRemove } = await import('../housekeeping/run-remove.ts');
    process.exitCode = await runRemove(what, options);
  });
