import { Command } from '@commander-js/extra-typings';
import { JSON_OPTION, SITE } from '../housekeeping/options.ts';
import { MACHINES_OPTION, PYTHON_OPTION, REQUIREMENT_OPTION } from '../needs-options.ts';

export const unpack = new Command('unpack')
  .summary('take what a disk brings from the site that this one follows')
  .description(
    'Take from a disk that kho pack wrote what lock files need on the machines of a repository, as kho pull does over the line: by [follow] in kho.toml, or as said here. What the disk lacks, another disk or kho pull brings; a lock file of which not all came stays as it was. The disk is told what is here. Exits with 0 if all is here, 1 if something is better than before, 2 if nothing could be done.',
  )
  .argument('<disk>', 'the folder where it is mounted')
  .option('--as <edge>', 'the name of this place, as kho pack was told; the only one on the disk when left out')
  .option('--into <name>', 'the repository here; of the same name as there when left out')
  .option(...REQUIREMENT_OPTION)
  .option(...MACHINES_OPTION)
  .option(...PYTHON_OPTION)
  .option('--allowed-signers <file>', 'only a state that one of these signed is believed')
  .option('--dry-run', 'only tell what would be taken', false)
  .option('--allow-older', 'also if the disk has an older state than was seen before', false)
  .option('--new-centre', 'also if it is from another site, or another repository of it, than before', false)
  .option(...SITE)
  .option(...JSON_OPTION)
  .action(async (disk, options) => {
    const { runUnpack } = await import('../carrier/run-unpack.ts');
    process.exitCode = await runUnpack(disk, options);
  });
