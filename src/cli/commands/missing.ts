import { Command, Option } from '@commander-js/extra-typings';
import { collect } from '../collect.ts';
import { NEED_OPTION, PYTHON_OPTION, REQUIREMENT_OPTION } from '../needs-options.ts';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';

export const missing = new Command('missing')
  .summary('tell what requirements or a lock file want, and a machine would not find')
  .description(
    'Tell which packages of requirements or lock files a machine would find in its repository, and which have to be built or are absent. Exits with 1 if anything is missing. Changes nothing.',
  )
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .option(...REQUIREMENT_OPTION)
  .option(...NEED_OPTION)
  .option('--for <platform>', 'of these machines, like musl-x86_64 or armhf; may be given again', collect)
  .option(...PYTHON_OPTION)
  .option('--repository <name>', 'in this repository, where not exactly one is for such machines')
  .option('--all', 'also what is there', false)
  .addOption(
    new Option('--format <format>', 'a list to build, or a script that builds it').choices([
      'pip',
      'json',
      'sh',
    ] as const),
  )
  .option('--json', 'the same as --format json')
  .action(async (site, options) => {
    const { showMissing } = await import('../missing/show-missing.ts');
    process.exitCode = await showMissing(chooseSite(site, options.site), options);
  });
