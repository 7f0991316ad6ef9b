import { Command } from '@commander-js/extra-typings';
import { collect } from '../collect.ts';
import { JSON_OPTION, SITE } from '../housekeeping/options.ts';
import { PYTHON_OPTION, REQUIREMENT_OPTION } from '../needs-options.ts';

export const pack = new Command('pack')
  .summary('put what an edge needs onto disks that somebody carries there')
  .description(
    'Put onto disks what lock files need on the machines of a repository, as an edge unpacks it with kho unpack: on FAT or exFAT, each file under its hash. What the edge has, as a disk that came back tells, is left out. Several disks share what does not fit on one. Exits with 1 if something is on none of them.',
  )
  .argument('<disks...>', 'the folders where they are mounted')
  .requiredOption('--for <edge>', 'the name of the place that they go to, like farm-3')
  .option('--repository <name>', 'the repository that it follows; the only one with sync = true when left out')
  .option(...REQUIREMENT_OPTION)
  .option('--platform <platform>', 'for these machines, like armhf; those of the repository when left out', collect)
  .option(...PYTHON_OPTION)
  .option('--dry-run', 'only tell how much the edge lacks', false)
  .option(...SITE)
  .option(...JSON_OPTION)
  .action(async (disks, options) => {
    const { runPack } = await import('../carrier/run-pack.ts');
    process.exitCode = await runPack(disks, options);
  });
