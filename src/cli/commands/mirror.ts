import { Command } from '@commander-js/extra-typings';
import { JSON_OPTION, NO_BUILD, SITE } from '../housekeeping/options.ts';

export const mirror = new Command('mirror')
  .summary('keep repositories in step with another index, by the orders in kho.toml')
  .description(
    'Bring what [repositories.NAME.mirror] in kho.toml orders of another index, with its dependencies, for the machines of the repository; mark what was yanked there, and let go what nothing orders any longer. For cron. Exits with 1 if something ordered cannot be had.',
  )
  .argument('[repositories...]', 'these alone; all that have orders when left out')
  .option('--dry-run', 'only tell what would be brought, marked and let go, and why', false)
  .option('--verify', 'hash all that was brought, and bring anew what is damaged', false)
  .option('--allow-shrink', 'also if more than 25 percent of what was brought would go', false)
  .option(...SITE)
  .option(...NO_BUILD)
  .option(...JSON_OPTION)
  .action(async (repositories, options) => {
    const { runMirror } = await import('../mirror/run-mirror.ts');
    process.exitCode = await runMirror(repositories, options);
  });
