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

export const restore = new Command('restore')
  .summary('bring back what was removed')
  .description(
    'Bring versions or files back from the trash to where they were. Of several that were removed from one place, the last.',
  )
  .argument('[what...]', WHAT_ARGUMENT[1])
  .option('--list', 'show what is in the trash, and bring nothing back', false)
  .option(...IN_OPTION)
  .option(...SITE)
  .option(...AT_OPTION)
  .option(...ALLOW_HTTP)
  .option(...NO_BUILD)
  .option(...JSON_OPTION)
  .action(async (what, options) => {
    const { runRestore } = await import('../housekeeping/run-housekeeping.ts');
    await runRestore(what, options);
  });
