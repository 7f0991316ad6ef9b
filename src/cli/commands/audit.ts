import { Command, Option } from '@commander-js/extra-typings';
import { LEVELS } from '../../standards/osv/severity.ts';
import { REQUIREMENT_OPTION } from '../needs-options.ts';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';

export const audit = new Command('audit')
  .summary('tell which files, or versions of a lock file, have known holes')
  .description(
    'Tell which of the files of a site, or of the versions that a lock file pins, have known holes, by the advisories that kho.toml names ([advisories]): how bad, under which names, and in which version they are closed. Names that you have said to be your own are not looked for. Exits with 1 only if --fail-on is said.',
  )
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .option(...REQUIREMENT_OPTION)
  .addOption(
    new Option('--fail-on <severity>', 'exit with 1 if one is so bad, or worse, or nobody says how bad').choices([
      ...LEVELS,
      'malware',
    ] as const),
  )
  .option('--offline', 'ask no address for newer advisories', false)
  .option('--json', 'print it as JSON, and nothing else')
  .action(async (site, options) => {
    const { runAudit } = await import('../audit/run-audit.ts');
    process.exitCode = await runAudit(chooseSite(site, options.site), options);
  });
