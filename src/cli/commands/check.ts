import { Command } from '@commander-js/extra-typings';
import type { CheckProgress } from '../../check/check-site.ts';
import type { Drift } from '../../drift.ts';
import { KhoError } from '../../errors.ts';
import { ENDPOINT_OPTION, PROFILE_OPTION, REGION_OPTION } from '../bucket/bucket-options.ts';
import { checkResultLine, driftLines } from '../lines/drift-lines.ts';
import { ProgressDisplay } from '../progress.ts';
import { OF_BUCKETS, refuseDropped } from '../refuse-dropped.ts';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';
import { storeSettings } from '../store-options.ts';
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
  .argument('[site]', `${SITE_ARGUMENT[1]}; or s3://BUCKET/PREFIX: what it publishes there`)
  .argument('[of]', 'after s3://BUCKET/PREFIX: the site')
  .option(...SITE_OPTION)
  .option('--out <place>', 'look at what kho build --out published there, in a folder or in a bucket')
  .addOption(ENDPOINT_OPTION())
  .addOption(PROFILE_OPTION())
  .addOption(REGION_OPTION())
  .option('--fix', 'with a bucket: put right what is not as it should be, then exit with 0 unless something is left')
  .option(
    '--deep',
    'unpack every member of every package, and compare it with its checksum; of a bucket: read every byte',
  )
  .option('--history', 'look too at what became of files and heads since catalogues are kept')
  .option('--all', 'name all differences, however many there are')
  .option('--json', 'print the report as JSON, and nothing else')
  .action(async (first, of, options, command) => {
    const { openSite } = await import('../open-site.ts');
    const { isStoreAddress } = await import('../../object-store/store-address.ts');
    const isAddress = first !== undefined && isStoreAddress(first);
    const site = isAddress ? of : first;
    const address = isAddress
      ? first
      : options.out !== undefined && isStoreAddress(options.out)
        ? options.out
        : undefined;
    refuseOdd(isAddress, of, options, address);
    if (address === undefined) refuseDropped(command, OF_BUCKETS, 'without a bucket');
    if (address !== undefined) {
      const { checkAddress } = await import('../bucket/check-address.ts');
      const { config, notes } = await openSite(chooseSite(site, options.site), options.fix ? 'writes' : 'reads');
      if (!options.json) terminal.say(notes.map((note) => `kho: ${note}`));
      return await checkAddress(config, { ...options, address, settings: storeSettings(options) });
    }
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

/** @throws {KhoError} USAGE */
function refuseOdd(
  isAddress: boolean,
  of: string | undefined,
  options: { fix?: true | undefined; history?: true | undefined; out?: string | undefined },
  address: string | undefined,
): void {
  const refuse = (what: string, hint: string) => new KhoError('USAGE', `Cannot use ${what}`, { hint });
  if (of !== undefined && !isAddress)
    throw refuse(`"${of}" beside a site`, 'name one site, or s3://BUCKET/PREFIX before it');
  if (isAddress && options.out !== undefined) throw refuse('--out with a bucket', 'leave --out away');
  if (address === undefined && options.fix)
    throw refuse('--fix without a bucket', 'of a folder, kho build puts right what kho check finds');
  if (address !== undefined && options.history)
    throw refuse(
      '--history with a bucket',
      'run kho check --history without it: what became of files is kept in the site',
    );
}
