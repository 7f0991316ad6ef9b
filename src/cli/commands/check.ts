import { Command } from '@commander-js/extra-typings';
import type { CheckProgress } from '../../check/check-site.ts';
import type { Drift } from '../../check/drift.ts';
import { checkResultLine, driftLines } from '../lines/drift-lines.ts';
import { ProgressDisplay } from '../progress.ts';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';

/** What `--json` prints. */
interface CheckReport {
  /** Absolute path. */
  site: string;
  /** How many packages were read. */
  files: number;
  drifts: Drift[];
}

/** Side-files and kho.toml are not in it, so that much seems to drift. */
const IS_COPY = 'this folder was filled by kho build --out; kho check SITE --out DIR knows what ought to be in it';

export const check = new Command('check')
  .summary('compare what is published with the files; exit with 1 on any drift')
  .description(
    'Read a published site as clients do, hash every file anew, and report whatever is not as it should be. Changes nothing.',
  )
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .option('--out <dir>', 'look at what kho build --out published there')
  .option('--deep', 'unpack every member of every package, and compare it with its checksum')
  .option('--history', 'look too at what became of files and heads since catalogues are kept')
  .option('--all', 'name all differences, however many there are')
  .option('--json', 'print the report as JSON, and nothing else')
  .action(async (site, options) => {
    const { openSite } = await import('../open-site.ts');
    const { surveySite } = await import('../../build-site.ts');
    const { checkSite } = await import('../../check/check-site.ts');
    const { readManifest } = await import('../../publish/manifest.ts');
    const { config, notes } = await openSite(chooseSite(site, options.site), 'reads');
    if (!options.json)
      terminal.say([...notes, ...(readManifest(config.root)?.copies ? [IS_COPY] : [])].map((note) => `kho: ${note}`));

    const progress = new ProgressDisplay(terminal.progressOutput());
    let files = 0;
    const onProgress = (now: CheckProgress) => {
      files = now.total;
      if (!options.json) progress.update(now);
    };
    const out = { deep: options.deep === true, ...(options.out !== undefined && { out: options.out }) };
    const found = await checkSite(config, await surveySite(config, options.out), { ...out, onProgress }).finally(() =>
      progress.clear(),
    );

    const history = options.history ? (await import('../../check/check-history.ts')).checkHistory(config) : [];
    const drifts = [...found, ...history];
    const report: CheckReport = { site: config.root, files, drifts };
    if (options.json) terminal.stdout(printableJson(report));
    else
      terminal.print([
        ...driftLines(drifts, options.all ? Number.POSITIVE_INFINITY : undefined),
        checkResultLine(drifts, files),
      ]);
    if (drifts.length > 0) process.exitCode = 1;
  });
