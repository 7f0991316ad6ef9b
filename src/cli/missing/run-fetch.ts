import { surveySite } from '../../build-site.ts';
import type { WouldBeHeld } from '../../fetch/check-fetched.ts';
import type { Fetched } from '../../fetch/fetch-files.ts';
import type { FetchPlan } from '../../fetch/plan-fetch.ts';
import { findUpstream, shownAddress } from '../../fetch/upstream-address.ts';
import { openNameBook } from '../../names/name-book.ts';
import { chooseTargets } from '../../needs/choose-target.ts';
import { isComplete, isMissing } from '../../needs/missing-report.ts';
import type { NeedsFile } from '../../needs/wanted.ts';
import { counted } from '../amounts.ts';
import { failedLines, fetchedLines, malwareLines, reusedLines } from '../lines/fetch-lines.ts';
import { missingLines } from '../lines/missing-lines.ts';
import { undecidedLines } from '../lines/names-lines.ts';
import { openSite } from '../open-site.ts';
import { ProgressDisplay } from '../progress.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';
import { type NeedsOptions, notesOf, readAllNeeds, toJson, understood } from './show-missing.ts';

interface FetchCommandOptions extends NeedsOptions {
  from?: string;
  to?: string;
  sdists: boolean;
  dryRun: boolean;
  json?: true;
}

/** @returns the exit code. @throws {KhoError} */
export async function runFetch(site: string | undefined, options: FetchCommandOptions): Promise<number> {
  const { config, notes } = await openSite(site, 'writes');
  const needs = await readAllNeeds(options);
  const { catalogs, filesOf } = await surveySite(config);
  const names = openNameBook(config, filesOf);
  const targets = chooseTargets(config, catalogs, { ...options, repository: options.to, repositoryOption: '--to' });
  const upstream = findUpstream(options.from, config.upstream);
  const { advisoriesNow } = await import('../../admission/advisories-now.ts');
  const { withoutMalware } = await import('../../admission/without-malware.ts');
  const { HttpClient } = await import('../../fetch/http-client.ts');
  const { askOnly } = await import('../../fetch/ask-only.ts');
  const { upstreamSource } = await import('../../fetch/upstream-source.ts');
  const { planFetch } = await import('../../fetch/plan-fetch.ts');
  const { heldByName } = await import('../../fetch/check-fetched.ts');
  const { fetchFiles, withSizes } = await import('../../fetch/fetch-files.ts');
  terminal.say([
    ...[...notes, ...notesOf(needs)].map((note) => `kho: ${note}`),
    `kho: asking ${shownAddress(upstream.url)} (${upstream.by})`,
  ]);

  const client = new HttpClient();
  try {
    const known = await advisoriesNow(config, client);
    terminal.say((known?.notes ?? []).map((note) => `kho: ${note}`));
    const offered = withoutMalware(upstreamSource(upstream.url, client), known?.book);
    const source = askOnly(offered, names);
    const plan = await understood(() =>
      planFetch({ needs, targets, config, upstream: source, sdists: options.sdists }),
    );
    terminal.say([...undecidedLines(source.undecided()), ...malwareLines(offered.leftOut())]);
    const held = heldByName(plan.files, config).map((one) => ({ filename: one.filename, why: wouldHold(one) }));
    if (!options.dryRun) terminal.say(failedLines(held));
    const display = new ProgressDisplay(terminal.progressOutput());
    const fetched: Fetched = options.dryRun
      ? { done: await withSizes(plan.files, client), failed: [], notes: [], reused: 0 }
      : await fetchFiles(plan.files, config, client, {
          from: shownAddress(upstream.url),
          onProgress: (now) => display.fetched(now),
        });
    display.clear();
    if (options.dryRun) {
      fetched.failed.push(...held);
      fetched.done = fetched.done.filter(({ file }) => !held.some(({ filename }) => filename === file.filename));
    }
    print(plan, needs, fetched, options, shownAddress(upstream.url));
    return fetched.failed.length === 0 && plan.reports.every(isComplete) ? 0 : 1;
  } finally {
    await client.close();
  }
}

/** Said before anything is brought: what is in a file may tell more afterwards. */
function wouldHold({ repository, how, why }: WouldBeHeld): string {
  return how === 'would hold it' ? `would be held in "${repository}": it ${why}` : `"${repository}" ${how}: it ${why}`;
}

function print(
  plan: FetchPlan,
  needs: readonly NeedsFile[],
  fetched: Fetched,
  { json, dryRun }: FetchCommandOptions,
  from: string,
): void {
  if (json) {
    const files = fetched.done.map(({ file, into }) => ({ filename: file.filename, bytes: file.size, into }));
    terminal.stdout(printableJson({ from, dryRun, files, failed: fetched.failed, ...toJson(plan.reports, needs) }));
    return;
  }
  terminal.print(fetchedLines(fetched.done, dryRun));
  terminal.say(reusedLines(fetched.reused));
  terminal.say([...fetched.notes.map((note) => `kho: ${note}`), ...failedLines(fetched.failed)]);
  const incomplete = plan.reports.filter((report) => !isComplete(report));
  const isBuilt = incomplete.some(({ resolution }) => resolution.projects.some(isMissing));
  if (incomplete.length > 0)
    terminal.print(['', isBuilt ? 'Still missing, to be built:' : 'Not known:', ...missingLines(incomplete, false)]);
  if (!dryRun && fetched.done.length > 0) {
    terminal.say([
      `kho: ${counted(fetched.done.length, 'new file')}; "kho build" lists them, "kho watch" and "kho serve" do so by themselves`,
    ]);
  }
}
