import { Command, Option } from '@commander-js/extra-typings';
import { collect } from '../collect.ts';
import { PYTHON_OPTION, REQUIREMENT_OPTION } from '../needs-options.ts';
import { chooseSite, SITE_OPTION } from '../site-argument.ts';

export const why = new Command('why')
  .summary('tell which file a machine takes of a project, and why not the others')
  .description(
    'Tell which file pip, or uv, takes of a project on a machine, and of each other file why not: for other machines or another Python, held, yanked, a pre-release, an older version, a hash that a lock file does not allow; of another index also: too young, denied, not approved, known malware. Exits with 1 if there is none to take. Changes nothing, and asks nobody.',
  )
  .argument('<project>', 'a project, or a requirement like "numpy>=2"')
  .option(...SITE_OPTION)
  .option('--for <platform>', 'on these machines, like musl-x86_64 or armhf; may be given again', collect)
  .option(...PYTHON_OPTION)
  .option('--repository <name>', 'in this repository, where not exactly one is for such machines')
  .option(...REQUIREMENT_OPTION)
  .addOption(
    new Option('--client <client>', 'as this client chooses; pip when left out').choices(['pip', 'uv'] as const),
  )
  .option('--json', 'print it as JSON, and nothing else')
  .action(async (project, options) => {
    const { showWhy } = await import('../missing/show-why.ts');
    process.exitCode = await showWhy(project, { ...options, site: chooseSite(undefined, options.site) });
  });
