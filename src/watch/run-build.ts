import type { BuildReport, FileChange } from '../build-report.ts';
import { type BuildOptions, buildSite } from '../build-site.ts';
import { withOwnersLine } from '../config/foreign-folders.ts';
import { loadSite } from '../config/load-config.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import type { SecondLookBudget } from '../index/second-look.ts';
import type { Pulse } from '../jobs/pulse.ts';

export interface BuildOrder {
  /** The site's root. */
  root: string;
  busy: ReadonlySet<string>;
  /** The settings of the build before: used where kho.toml has become unreadable. */
  lastGood?: SiteConfig;
  /** Nothing else is to be done: files that were published before are looked at once more, until what this tells becomes 1. */
  secondLook?: SharedArrayBuffer;
}

/** Of one build while nobody waits for anything. In milliseconds. */
const SECOND_LOOK_MS = 10_000;

export interface BuildOutcome {
  config: SiteConfig;
  report: BuildReport;
  changes: FileChange[];
  /** That hold packages, absolute. */
  folders: string[];
  /** When the list for sites that follow this one is due, milliseconds since 1970, where it was left for later. */
  syncDueMs?: number;
  /** Why the present kho.toml was not used. */
  badConfig?: { message: string; hint: string | undefined };
}

function untilHurried(buffer: SharedArrayBuffer): SecondLookBudget {
  const hurry = new Int32Array(buffer);
  const isOver = () => Atomics.load(hurry, 0) === 1;
  return { rulesMs: SECOND_LOOK_MS, membersMs: SECOND_LOOK_MS, isOver };
}

/** The present settings, or those of the build before where kho.toml has become unreadable. @throws {KhoError} */
export async function loadSettings({
  root,
  lastGood,
}: Pick<BuildOrder, 'root' | 'lastGood'>): Promise<Pick<BuildOutcome, 'config' | 'badConfig'>> {
  try {
    return { config: (await loadSite(root)).config };
  } catch (error) {
    if (!lastGood || !(error instanceof KhoError) || error.code !== 'CONFIG') throw error;
    return { config: lastGood, badConfig: { message: error.message, hint: error.hint } };
  }
}

/**
 * One build of a watched site. Repositories and settings are looked for anew each time.
 *
 * @throws {KhoError}
 */
export async function runBuild(order: BuildOrder, pulse?: Pulse): Promise<BuildOutcome> {
  const { busy } = order;
  const { config, badConfig } = await loadSettings(order);
  let changes: FileChange[] = [];
  let folders: string[] = [];
  let syncDueMs: number | undefined;
  const options: BuildOptions = {
    busy,
    onChanges: (all) => {
      changes = all;
      pulse?.hasRead();
    },
    onFolders: (all) => {
      folders = all;
      pulse?.step();
    },
    onProgress: ({ done, total }) => (done < total ? pulse?.step() : pulse?.hasRead()),
    onWait: () => pulse?.hasRead(),
    onSyncDue: (atMs) => {
      syncDueMs = atMs;
    },
    ...(order.secondLook && { secondLook: untilHurried(order.secondLook) }),
  };
  const report = await buildSite(config, options).catch((error) => {
    throw withOwnersLine(error, config);
  });
  const due = syncDueMs === undefined ? {} : { syncDueMs };
  return { config, report, changes, folders, ...due, ...(badConfig && { badConfig }) };
}
