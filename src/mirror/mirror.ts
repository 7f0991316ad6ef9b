/** Brings a repository in step with what is ordered of another index: asks, plans, and carries the plan out. */
import type { Survey } from '../build-site.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { type FetchProgress, fetchFiles } from '../fetch/fetch-files.ts';
import type { HttpClient } from '../fetch/http-client.ts';
import type { ToFetch } from '../fetch/plan-fetch.ts';
import type { UpstreamCandidate } from '../fetch/read-index-page.ts';
import { packagesOf, type StoredPackage } from '../housekeeping/find-packages.ts';
import type { Doer } from '../housekeeping/housekeeping.ts';
import { readYankReason } from '../inspect/side-files.ts';
import { readFile } from '../io/open-file.ts';
import type { NameBook } from '../names/name-book.ts';
import { refusalWords, type UpstreamRefusal } from '../policy/policy.ts';
import { isLocked } from '../prune/is-locked.ts';
import type { LockedReleases } from '../prune/prune-plan.ts';
import { holdSite } from '../publish/hold-site.ts';
import type { NormalizedName } from '../standards/name.ts';
import { askOrders } from './ask-orders.ts';
import type { AskedIndex } from './asked-index.ts';
import { drop, mark } from './carry-out.ts';
import { type FileHere, type ListedThere, type MirrorPlan, planMirror } from './mirror-plan.ts';
import { readMirrored, rememberMirrored, replaceMirrored } from './mirrored-files.ts';
import type { OrderedCandidate } from './ordered-files.ts';

/** Of the files that it brought, a repository loses at most so many at once, in percent, unless somebody says so. */
const MOST_SHRINK = 25;

/** Of a yank there, in characters: four bytes each have room beside a file. */
const LONGEST_REASON = 1000;

export interface MirrorRun {
  config: SiteConfig;
  survey: Survey;
  names: NameBook;
  index: AskedIndex;
  client: HttpClient;
  locked: LockedReleases;
  doer: Doer;
  dryRun: boolean;
  /** Files that count as not there: see findDamaged. */
  damaged: readonly StoredPackage[];
  allowShrink: boolean;
  onProgress: (progress: FetchProgress) => void;
}

export interface MirrorResult {
  repository: string;
  plan: MirrorPlan<OrderedCandidate>;
  /** What cannot be had: one line each, no full stop. */
  lacking: string[];
  /** Names of files whose bytes are not what was brought. */
  damaged: string[];
  brought: ToFetch[];
  failed: { filename: string; why: string }[];
  notes: string[];
}

/** @throws {KhoError} UPSTREAM where the other index does not answer as it should: then nothing is changed; USAGE where too much would go; LOCKED, WRITE, READ, SITE */
export async function mirrorRepository(repository: RepositoryConfig, run: MirrorRun): Promise<MirrorResult> {
  const { config, index, dryRun, doer } = run;
  const mirrored = readMirrored(config.root, repository.name);
  const damaged = run.damaged.filter((file) => file.repository === repository.name);
  const ordered = await askOrders(repository, run);
  const spoilt = new Set(damaged.map(({ filename }) => filename));
  const stored = () => packagesOf(repository, config);
  const here = stored().filter(({ filename }) => !spoilt.has(filename));
  const projects = [...new Set([...mirrored.values()].map(({ project }) => project as NormalizedName))];
  const plan = planMirror({
    ordered: ordered.files,
    here: here.map(fileHere),
    mirrored,
    listed: await listedThere(projects, mirrored.keys(), run),
    isLocked: ({ sha256, filename, project }) =>
      isLocked(run.locked, { sha256, project, version: versionOf(here, filename) }),
    ...(repository.mirror?.removeAfterMs !== undefined && { removeAfterMs: repository.mirror.removeAfterMs }),
    now: doer.now,
  });
  const result: MirrorResult = {
    ...{ repository: repository.name, plan, lacking: ordered.lacking, damaged: [...spoilt].sort() },
    ...{ brought: [], failed: [], notes: [] },
  };
  if (!run.allowShrink) checkShrink(repository.name, plan, mirrored.size);
  if (dryRun) return result;
  await index.keep();

  const files = plan.bring.map(
    ({ project, file }): ToFetch => ({ project, file, into: [repository.name], isHeld: false }),
  );
  const { done, failed, notes } = await fetchFiles(files, config, run.client, {
    from: index.shown,
    onProgress: run.onProgress,
    onPlacing: ({ project, file: { filename } }, sha256) =>
      rememberMirrored(config.root, { repository: repository.name, project, filename, sha256 }),
  });
  Object.assign(result, { brought: done, failed, notes });
  await holdSite(config, doer, () => {
    const known = readMirrored(config.root, repository.name); // with what was brought just now
    const present = new Set(stored().map(({ filename }) => filename));
    for (const file of plan.remember) known.set(file.filename, file);
    const all = [...known.values()].filter(({ filename }) => present.has(filename));
    replaceMirrored(config.root, repository.name, all);
  });
  await mark(repository.name, plan, run);
  await drop(repository, plan, run);
  return result;
}

/** Of projects that may be asked for. Each page was asked for already, or is now. */
async function listedThere(
  projects: readonly NormalizedName[],
  filenames: Iterable<string>,
  { names, index }: MirrorRun,
): Promise<Map<string, Map<string, ListedThere>>> {
  const listed = new Map<string, Map<string, ListedThere>>();
  const asked = projects.filter((name) => names.originOf(name).is !== 'own');
  for (const name of asked) {
    const files = await index.source.candidates(name);
    listed.set(name, new Map(files.map((file) => [file.filename, asThere(file)])));
  }
  for (const filename of filenames) {
    const refusal = index.refused.get(filename);
    if (refusal !== undefined) for (const files of listed.values()) files.set(filename, refusedThere(refusal));
  }
  return listed;
}

function asThere({ isYanked, yankedReason }: UpstreamCandidate): ListedThere {
  const reason = yankedReason && readYankReason(Buffer.from(yankedReason.slice(0, LONGEST_REASON)));
  return { isYanked, ...(reason && { reason }) };
}

/** What is here already is not too young for that. */
function refusedThere(refusal: UpstreamRefusal): ListedThere {
  const words = refusalWords(refusal);
  switch (refusal.kind) {
    case 'malware':
      return { isYanked: true, isBad: words };
    case 'deny':
    case 'allow':
      return { isYanked: true, reason: words };
    case 'cooldown':
      return { isYanked: false };
  }
}

function fileHere({ filename, stamp, sides, full }: StoredPackage): FileHere {
  const isYanked = sides.some(({ side }) => side === 'yanked');
  return {
    ...{ filename, size: stamp.size },
    ...(isYanked && { yanked: readYankReason(readFile(`${full}.yanked`)) }),
  };
}

function versionOf(stored: readonly StoredPackage[], filename: string): string | undefined {
  return stored.find((file) => file.filename === filename)?.version;
}

/** @throws {KhoError} USAGE */
function checkShrink(name: string, { shrinks }: MirrorPlan<OrderedCandidate>, count: number): void {
  const share = (100 * shrinks) / Math.max(1, count);
  if (share <= MOST_SHRINK) return;
  throw new KhoError(
    'USAGE',
    `Cannot mirror into "${name}": ${Math.round(share)} percent of what was brought there would go, or is gone where it came from`,
    { hint: 'look at it with --dry-run --allow-shrink; if that is meant, say --allow-shrink without --dry-run' },
  );
}
