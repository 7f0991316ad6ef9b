import { Command, Option } from '@commander-js/extra-typings';
import { parseDuration } from '../durations.ts';
import { JSON_OPTION, NO_BUILD, SITE } from '../housekeeping/options.ts';

export const prune = new Command('prune')
  .summary('tell which old versions the rules in kho.toml let go; --apply removes them')
  .description(
    'Tell which old versions may go by the rules in kho.toml ([repositories.NAME.prune]), and why each other one is kept. Changes nothing, unless --apply is said: then they go to the trash. The newest never goes, nor what a lock file names (locks in kho.toml). Exits with 2 where there are no rules.',
  )
  .option('--apply', 'remove them, into the trash', false)
  .option('--yes-really', 'also if more would go than max_share allows (20 percent of the files)', false)
  .option('--all', 'tell of what is kept too, and why', false)
  .option('--empty-trash', 'tell what is in the trash instead; with --apply, delete it for good', false)
  .addOption(
    new Option('--older <time>', 'with --empty-trash: only what was removed so long ago, like 30d').argParser(
      parseDuration,
    ),
  )
  .option(...SITE)
  .option(...NO_BUILD)
  .option(...JSON_OPTION)
  .action(async (options) => {
    if (options.emptyTrash) {
      const { runEmptyTrash } = await import('../housekeeping/run-empty-trash.ts');
      await runEmptyTrash(options);
      return;
    }
    const { runPrune } = await import('../housekeeping/run-prune.ts');
    await runPrune(options);
  });
