/** What has to be done for a repository to hold what is ordered. Pure: the same orders, pages and files, the same plan. */
import type { MirroredFile } from './mirrored-files.ts';

/** Of another index, and wanted here. */
export interface OrderedFile {
  filename: string;
  /** Normalized. */
  project: string;
  /** In bytes, where the index tells. */
  size?: number;
  /** One line, no full stop. */
  why: string;
}

/** In packages/ of the repository. */
export interface FileHere {
  filename: string;
  /** In bytes. */
  size: number;
  /** It is yanked, for this reason. */
  yanked?: string;
}

/** As the other index lists it. */
export interface ListedThere {
  isYanked: boolean;
  reason?: string;
  /** It may not stay, whatever is ordered: one line, no full stop. */
  isBad?: string;
}

export interface PlanInput<File extends OrderedFile = OrderedFile> {
  ordered: readonly File[];
  here: readonly FileHere[];
  mirrored: ReadonlyMap<string, MirroredFile>;
  /** Of projects that the other index may be asked for, what it lists, by name of file. Nothing of a project that is not asked for. */
  listed: ReadonlyMap<string, ReadonlyMap<string, ListedThere>>;
  /** Whether a lock file of the site names it. */
  isLocked: (file: MirroredFile) => boolean;
  removeAfterMs?: number;
  /** Milliseconds since 1970. */
  now: number;
}

export interface MirrorPlan<File extends OrderedFile = OrderedFile> {
  bring: File[];
  yank: { filename: string; reason: string }[];
  unyank: { filename: string }[];
  /** To the trash. */
  drop: { filename: string; size: number; why: string }[];
  /** Ordered no longer; they go at that time, in milliseconds since 1970, or stay where it is absent. */
  wait: { filename: string; untilMs?: number }[];
  /** Of those that are here and stay, what is to be remembered before any of that is done. */
  remember: MirroredFile[];
  /** How many the other index lists no longer, and how many go. */
  shrinks: number;
}

/** Reasons that the other index does not tell. */
const YANKED = 'yanked there';
export const GONE = 'gone from the index that it came from';

export function planMirror<File extends OrderedFile>(input: PlanInput<File>): MirrorPlan<File> {
  const { ordered, here, mirrored, listed, isLocked, removeAfterMs, now } = input;
  const names = new Set(here.map(({ filename }) => filename));
  const wanted = new Set(ordered.map(({ filename }) => filename));
  const plan: MirrorPlan<File> = {
    ...{ bring: ordered.filter(({ filename }) => !names.has(filename)), yank: [], unyank: [], drop: [], wait: [] },
    ...{ remember: [], shrinks: 0 },
  };
  for (const { filename, size, yanked } of here) {
    const record = mirrored.get(filename);
    if (record === undefined) continue; // not ours to judge
    const { unwantedMs: before, yanked: byUs, ...about } = record;
    const isWanted = wanted.has(filename) || isLocked(record);
    const unwantedMs = isWanted ? undefined : (before ?? now);
    const bad = listed.get(record.project)?.get(filename)?.isBad;
    if (bad !== undefined) {
      plan.drop.push({ filename, size, why: bad });
      continue;
    }
    const untilMs = unwantedMs === undefined || removeAfterMs === undefined ? undefined : unwantedMs + removeAfterMs;
    if (untilMs !== undefined && untilMs <= now) {
      plan.drop.push({ filename, size, why: `nothing orders it since ${dayOf(unwantedMs as number)}` });
      continue;
    }
    if (unwantedMs !== undefined) plan.wait.push({ filename, ...(untilMs !== undefined && { untilMs }) });
    const page = listed.get(record.project);
    const reason = page && reasonToYank(page.get(filename));
    if (reason !== undefined && yanked === undefined) plan.yank.push({ filename, reason });
    if (reason === GONE && byUs !== GONE) plan.shrinks++;
    const isBack = page !== undefined && reason === undefined && byUs !== undefined && yanked === byUs;
    if (isBack) plan.unyank.push({ filename });
    const nowYanked = yanked === undefined ? reason : byUs; // until it is seen to be back: a run may be killed before that
    plan.remember.push({
      ...about,
      ...(unwantedMs !== undefined && { unwantedMs }),
      ...(nowYanked !== undefined && { yanked: nowYanked }),
    });
  }
  plan.shrinks += plan.drop.length;
  return plan;
}

function reasonToYank(there: ListedThere | undefined): string | undefined {
  if (there === undefined) return GONE;
  return there.isYanked ? (there.reason ?? YANKED) : undefined;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
