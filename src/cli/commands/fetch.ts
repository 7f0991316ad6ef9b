import { Command } from '@commander-js/extra-typings';
import { collect } from '../collect.ts';
import { NEED_OPTION, PYTHON_OPTION, REQUIREMENT_OPTION } from '../needs-options.ts';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';

export const fetchCommand = new Command('fetch')
  .summary('bring what is missing from another index')
  .description(
    'Bring the wheels that requirements or lock files want, and that machines would not find, from another index into packages/. What that index lacks too is told, as by "kho missing". Exits with 1 if anything is still missing.',
  )
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .option(...REQUIREMENT_OPTION)
  .option(...NEED_OPTION)
  .option('--for <platform>', 'for these machines, like musl-x86_64 or armhf; may be given again', collect)
  .option(...PYTHON_OPTION)
  .option('--from <url>', 'the index; else what kho.toml, uv or pip on this machine are told to ask')
  .option('--to <name>', 'into this repository, where not exactly one is for such machines')
  .option('--sdists', 'also sdists, where there is no wheel', false)
  .option('--dry-run', 'only tell what would be brought', false)
  .option('--json', 'print what was brought and what is missing as JSON, and nothing else')
  .action(async (site, options) => {
    const { runFetch } = await import('../missing/run-fetch.ts');
    process.exitCode = await runFetch(chooseSite(site, options.site), options);
  });
