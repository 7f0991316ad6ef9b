import { privateNames } from '../config/private-repositories.ts';
import type { SiteConfig } from '../config/site-config.ts';
import type { PackageReader } from '../inspect/package-reader.ts';
import { readPageStamp } from '../io/page-stamp.ts';
import { temporaryName } from '../io/temporary-name.ts';
import type { Problem } from '../problems.ts';
import { baseGeneration } from '../publish/added-records.ts';
import { applyPlan } from '../publish/apply.ts';
import { Journal } from '../publish/journal.ts';
import { lockSite } from '../publish/lock.ts';
import { type Manifest, readGeneration } from '../publish/manifest.ts';
import { nothingStaged, Stager } from '../publish/stage.ts';
import { fromRoot, locate, type Target } from '../publish/target.ts';
import { fingerprint } from '../render/fingerprint.ts';
import { HEAD_PATH } from '../sync-format/head.ts';
import { forgetWaiting, headToSign, putWaiting, waitingHead } from './heads-on-disk.ts';
import { type KeptHeads, keepHeads, readKeptHeads } from './kept-heads.ts';
import { makeCatalogues } from './make-catalogues.ts';
import { planRepository, type SyncPlan, siteIdOf } from './plan-repository.ts';
import { removeSync, unwantedSync } from './remove-sync.ts';
import { readSyncState, type SyncState, writeSyncState } from './sync-state.ts';

/** Of a busy site, at most one catalogue in so long. */
const BETWEEN_MS = 60_000;

export interface SyncInput {
  config: SiteConfig;
  target: Target;
  /** Of the indexes as they stand. */
  manifest: Manifest;
  packages: PackageReader;
  onWait?: (holder: string) => void;
  /** Called where a catalogue came so shortly before that this one is left for later, with when that is: who watches builds again then. */
  onSyncDue?: (atMs: number) => void;
}

export interface SyncReport {
  written: number;
  removed: number;
  notes: Problem[];
}

/**
 * Publish what sites that follow this one ask for, after all that it names: catalogues of repositories with `sync`, then their heads.
 * Without work it is a look at a few files.
 *
 * @throws {KhoError} when that could not be published; what was published before still stands
 */
export async function publishSync(input: SyncInput): Promise<SyncReport> {
  const { config, target, manifest, onWait } = input;
  if (target.copies) return nothing(0); // a copy is there to be read, and may lack what is private
  const repositories = config.repositories.filter(({ sync }) => sync !== undefined).map(({ name }) => name);
  const unwanted = unwantedSync(config, target);
  const removed = unwanted.length > 0 ? await removeSync(unwanted, target, onWait && { onWait }) : 0;
  if (repositories.length === 0) return nothing(removed);

  const before = readSyncState(target.root);
  const settings = settingsOf(config, manifest);
  const sameSettings = before?.settings === settings;
  const isWhole = !new Journal(target.root, 'sync-journal').isLeft;
  const isSame = sameSettings && before?.generation === manifest.generation;
  if (isWhole && isSame && headsStand(target, repositories, before)) {
    return { ...nothing(removed), notes: waitingNotes(target.root, config) };
  }
  const now = Date.now();
  const sinceMs = now - (before?.madeMs ?? 0);
  if (input.onSyncDue && sameSettings && sinceMs >= 0 && sinceMs < BETWEEN_MS) {
    input.onSyncDue(now - sinceMs + BETWEEN_MS);
    return nothing(removed);
  }
  const made = await makeCatalogues(repositories, { ...input, before: sameSettings ? before : undefined });
  const stager = new Stager(target, temporaryName());
  try {
    const unlock = await lockSite(target.root, onWait ? { onWait } : {});
    try {
      // Another run has published since: it sees to it itself, with what it found.
      if (baseGeneration(readGeneration(target.root)) !== baseGeneration(manifest.generation)) return nothing(removed);
      const kept = readKeptHeads(target.root);
      const site = siteIdOf(kept, target, config);
      const plans: SyncPlan[] = [];
      const privates = privateNames(config);
      // What is private by now was told of in catalogues before.
      const forgetsOld = privates.some((name) => before?.privates.includes(name) !== true);
      for (const name of repositories) {
        const text = made.texts.get(name) ?? '';
        const heads = kept.heads.get(name) ?? [];
        plans.push(await planRepository(name, { config, target, text, site, kept: heads, forgetsOld, now }));
      }
      const state = { generation: manifest.generation, settings, privates, projects: made.projects };
      const report = await apply(plans, { target, stager, kept, site, now, state, madeMs: before?.madeMs ?? 0 });
      const notes = [...report.notes, ...waitingNotes(target.root, config)];
      return { written: report.written, removed: removed + report.removed, notes };
    } finally {
      unlock();
    }
  } finally {
    stager.close(repositories);
  }
}

const nothing = (removed: number): SyncReport => ({ written: 0, removed, notes: [] });

interface ApplyOptions {
  target: Target;
  stager: Stager;
  kept: KeptHeads;
  site: string;
  now: number;
  state: Pick<SyncState, 'generation' | 'settings' | 'privates' | 'projects'>;
  madeMs: number;
}

/** The catalogue before the head that names it: each file is moved to its place in the order of its plan. */
async function apply(plans: readonly SyncPlan[], options: ApplyOptions): Promise<SyncReport> {
  const { target, stager, kept, site, state } = options;
  const staged = nothingStaged();
  for (const { repository, files } of plans) await stager.stageFiles(repository, files, new Map(), staged);
  const made = plans.flatMap((plan) => plan.made ?? []);
  const removals = plans.flatMap((plan) => plan.removals);
  const remember = () => {
    for (const { repository, waiting } of plans) {
      if (waiting === undefined) forgetWaiting(target.root, repository);
      else if (waitingHead(target.root, repository)?.text !== waiting) putWaiting(target.root, repository, waiting);
    }
    const heads = plans.map(({ repository, catalogue }): [string, SyncState['repositories'][string]] => [
      repository,
      { catalogue, head: readPageStamp(headPath(target, repository)) ?? null },
    ]);
    const madeMs = made.length > 0 ? options.now : options.madeMs;
    writeSyncState(target.root, { ...state, madeMs, repositories: Object.fromEntries(heads) });
  };
  const journal = new Journal(target.root, 'sync-journal');
  if (staged.moves.length + removals.length + made.length === 0) {
    remember();
    if (journal.isLeft) journal.remove(); // of a run that died when all was done
    return nothing(0);
  }
  const applied = await applyPlan({
    ...{ target, journal, removals, remember },
    changing: plans.map(({ repository }) => repository),
    toFlush: staged.toFlush,
    folders: plans.map(({ repository }) => target.folderOf(repository)),
    moves: staged.moves,
    writeAhead: (later) => {
      keepHeads(target.root, kept, { site, made }, later);
      return [];
    },
  });
  return { written: staged.written, removed: applied.removed, notes: applied.notes };
}

function headPath(target: Target, repository: string): string {
  return locate(target, fromRoot(repository, HEAD_PATH));
}

/** Nobody took a head away, or signed one that waited. */
function headsStand(target: Target, repositories: readonly string[], { repositories: known }: SyncState): boolean {
  return repositories.every((name) => {
    const before = known[name];
    return before !== undefined && before.head === (readPageStamp(headPath(target, name)) ?? null);
  });
}

/** All that decides about lines, and whether heads are signed. */
function settingsOf({ repositories }: SiteConfig, manifest: Manifest): string {
  return fingerprint([manifest.settings, repositories.map(({ name, sync }) => [name, sync ?? ''])]);
}

function waitingNotes(root: string, { repositories }: SiteConfig): Problem[] {
  return repositories.flatMap((repository): Problem[] => {
    const waiting = headToSign(root, repository);
    if (!waiting) return [];
    const what = `waits to be signed (its counter is ${waiting.head.counter}): who follows gets the one before it`;
    return [
      {
        code: 'not-signed',
        file: fromRoot(repository.name, HEAD_PATH),
        what,
        hint: 'run kho sign, or let a timer do so',
      },
    ];
  });
}
