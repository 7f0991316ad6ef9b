import { Command } from '@commander-js/extra-typings';

export const inspect = new Command('inspect')
  .summary('for which machines wheels really are, before they are uploaded')
  .description(
    'Look into files anywhere: which machines, C library and Python their programs and libraries need, and whether their names say so. Changes nothing.',
  )
  .argument('<file...>', 'paths of wheels or sdists, in a site or not')
  .option('--json', 'print all that is known as JSON, and nothing else')
  .action(async (files, options) => {
    const { inspectFiles } = await import('../show/inspect-files.ts');
    process.exitCode = await inspectFiles(files, options.json === true);
  });
