import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import type { BuildReport } from '../../build-report.ts';
import { KhoError } from '../../errors.ts';
import { ENDPOINT_OPTION, PROFILE_OPTION, REGION_OPTION } from '../bucket/bucket-options.ts';
import { findingLines, repositoryLines, totalsLine } from '../lines/build-lines.ts';
import { dryRunLines } from '../lines/dry-run-lines.ts';
import { problemLines } from '../lines/problem-lines.ts';
import { secondLookLines } from '../lines/second-look-lines.ts';
import { ProgressDisplay } from '../progress.ts';
import { OF_BUCKETS, refuseDropped } from '../refuse-dropped.ts';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';
import { storeSettings } from '../store-options.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';

const TICK_MS = 500;

const PLACE = 'say which: --out s3://BUCKET/PREFIX, or publish in kho.toml';
const NAME_ONE = { endpointUrl: PLACE, profile: PLACE, region: PLACE, adopt: PLACE };

/** More would only wait for one another. */
const MOST_JOBS = 64;

export const build = new Command('build')
  .summary('make or refresh the index of a site')
  .description('Make or refresh the index of a site: read what is new in its folders, publish what changed.')
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .option(
    '--out <place>',
    'publish into this folder, complete with the packages, instead of beside them; or s3://BUCKET/PREFIX: there as well',
  )
  .option('--link', 'with --out: hard links to the packages instead of copies')
  .option('--with-private', 'with --out: private repositories too; what serves the folder has to ask for tokens')
  .addOption(ENDPOINT_OPTION())
  .addOption(PROFILE_OPTION())
  .addOption(REGION_OPTION())
  .option('--adopt', 'with a bucket: take over what another site, or somebody else, put there')
  .option('--strict', 'publish as always, then exit with 1 if there were problems')
  .option('--dry-run', 'only tell what would be listed, held, removed and taken from incoming/; change nothing')
  .option('--jobs <n>', 'read packages in so many threads; chosen by kho when left out', parseJobs)
  .option('--json', 'print the report as JSON, and nothing else')
  .option('--quiet', 'say nothing but problems')
  .action(async (site, options, command) => {
    const { openSite } = await import('../open-site.ts');
    const { withOwnersLine } = await import('../../config/foreign-folders.ts');
    const { buildSite, previewBuild } = await import('../../build-site.ts');
    const { oldConfigurations } = await import('../../deploy/config-forms.ts');
    const { SECOND_LOOK } = await import('../../index/second-look.ts');
    const isTalking = !options.quiet && !options.json;
    const { config, notes } = await openSite(chooseSite(site, options.site), 'writes');
    const old = oldConfigurations(config).map(({ what, hint }) => `${what}: ${hint}`);
    if (isTalking) terminal.say([...notes, ...old].map((note) => `kho: ${note}`));

    const progress = new ProgressDisplay(terminal.progressOutput());
    const ticks = isTalking ? setInterval(() => progress.tick(), TICK_MS) : undefined;
    const { link, jobs, withPrivate } = options;
    const { isStoreAddress } = await import('../../object-store/store-address.ts');
    const isBucket = options.out !== undefined && isStoreAddress(options.out);
    const out = isBucket ? undefined : options.out;
    if (isBucket && link) throw new KhoError('USAGE', 'Cannot link into a bucket', { hint: '--link is for folders' });
    const address = isBucket ? options.out : out === undefined ? config.publish : undefined;
    if (address === undefined) refuseDropped(command, OF_BUCKETS, 'without a bucket', NAME_ONE);
    const settings = { ...storeSettings(options), ...(withPrivate && { withPrivate }) };
    const push = address !== undefined && { address, settings, adopt: options.adopt ?? false, isTalking };
    const building = (options.dryRun ? previewBuild : buildSite)(config, {
      ...(out !== undefined && { out }),
      ...(link && { link }),
      ...(withPrivate && !isBucket && { withPrivate }),
      ...(jobs !== undefined && { jobs }),
      secondLook: SECOND_LOOK,
      ...(isTalking && { onProgress: (now) => progress.update(now) }),
      ...(isTalking && { onWait: (holder) => terminal.say([`kho: waiting for ${holder}`]) }),
    });
    const report = await building
      .catch((error) => {
        throw withOwnersLine(error, config);
      })
      .finally(() => {
        clearInterval(ticks);
        progress.clear();
      });

    if (!options.dryRun && config.upstreams.size > 0) {
      const { sweepRefused } = await import('../../admission/sweep-refused.ts');
      const { makeAtHand } = await import('../../upstream/pages/make-at-hand.ts');
      const swept = [...(await sweepRefused(config)), ...(out === undefined ? await makeAtHand(config) : [])];
      if (isTalking) terminal.say(swept.map((note) => `kho: ${note}`));
    }
    const tellBuilt = (bucket?: object) => {
      if (options.json) terminal.stdout(printableJson({ ...report, ...(bucket && { bucket }) }));
      else if (options.quiet) terminal.say(problemLines(report.problems));
      else if ('dryRun' in report) terminal.print(dryRunLines(report));
      else show(report);
    };
    if (options.strict && report.problems.length > 0) process.exitCode = 1;
    if (!push) return tellBuilt();
    if (!options.json) tellBuilt(); // pushing may take long
    const { previewBuilt, pushBuilt } = await import('../bucket/push-built.ts');
    const { bucketFindingLines, bucketLines, bucketPreviewLines } = await import('../lines/bucket-lines.ts');
    if (options.dryRun) {
      const preview = await previewBuilt(config, push);
      if (options.json) tellBuilt(preview);
      else if (isTalking) terminal.print(bucketPreviewLines(preview));
      return;
    }
    const pushed = await pushBuilt(config, push);
    if (options.json) tellBuilt(pushed);
    else terminal.say(bucketFindingLines(pushed));
    if (isTalking) terminal.print(bucketLines(pushed));
    if (pushed.failed.length > 0) process.exitCode = 1;
  });

function show(report: BuildReport): void {
  terminal.say(secondLookLines(report));
  terminal.print(repositoryLines(report.repositories));
  const findings = findingLines(report.problems, report.notes);
  terminal.say(findings.length > 0 ? [...findings, ''] : []);
  terminal.print([totalsLine(report)]);
}

function parseJobs(text: string): number {
  const jobs = Number(text);
  if (/^\d+$/.test(text) && jobs >= 1 && jobs <= MOST_JOBS) return jobs;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_JOBS}.`);
}
