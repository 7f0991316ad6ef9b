import { Command } from '@commander-js/extra-typings';
import { JSON_OPTION, SITE } from '../housekeeping/options.ts';
import { MACHINES_OPTION, PYTHON_OPTION, REQUIREMENT_OPTION } from '../needs-options.ts';

export const pull = new Command('pull')
  .summary('bring what lock files need from the site that this one follows')
  .description(
    'Bring from another site of kho, the centre, what lock files need on the machines of a repository: by [follow] in kho.toml, or as said here. A lock file of which not all came stays as it was; the next run goes on. For cron and timers. Exits with 0 if all is here, 1 if something is better than before, 2 if nothing could be done.',
  )
  .option('--from <url>', 'the centre: the root of its site; url of [follow] when left out')
  .option('--repository <name>', 'the repository there; of the same name as here when left out')
  .option('--into <name>', 'the repository here; of the same name as there when left out')
  .option(...REQUIREMENT_OPTION)
  .option(...MACHINES_OPTION)
  .option(...PYTHON_OPTION)
  .option('--allowed-signers <file>', 'only a state that one of these signed is believed')
  .option('--rate <bytes>', 'let no more come in a second, like 64k')
  .option('--parallel <count>', 'files at once; 2 when left out')
  .option('--until <time>', 'stop at that time, local, like 05:00')
  .option('--dry-run', 'only tell what would come, and how long it would take', false)
  .option('--allow-older', 'also if the centre shows an older state than was seen before', false)
  .option('--new-centre', 'also if it is another site, or another repository of it, than before', false)
  .option('--report', 'print what is here of the centre afterwards, for its folder edges/, instead of what came')
  .option('--send-report', 'tell the centre afterwards what is here of it, by a token with the right report')
  .option(...SITE)
  .option(...JSON_OPTION)
  .action(async (options) => {
    const { runPull } = await import('../pull/run-pull.ts');
    process.exitCode = await runPull(options);
  });
