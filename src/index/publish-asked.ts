import type { FileChange } from '../build-report.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import type { LearnedFile } from '../inspect/learned-files.ts';
import { flushBatch } from '../io/flush.ts';
import { look } from '../io/open-file.ts';
import { closeFolders } from '../io/reach.ts';
import { heldTemporaryName } from '../io/temporary-name.ts';
import { hasNames } from '../names/own-names.ts';
import { rememberNames } from '../names/remember-names.ts';
import { withdrawKept } from '../names/withdraw-kept.ts';
import { addRecords, baseGeneration } from '../publish/added-records.ts';
import { applyPlan } from '../publish/apply.ts';
import { Journal } from '../publish/journal.ts';
import { lockSite } from '../publish/lock.ts';
import {
  type FoundRecord,
  PROJECT_RECORDS,
  type RecordFinder,
  readGeneration,
  recordFinder,
} from '../publish/manifest.ts';
import { Stager } from '../publish/stage.ts';
import { checkStateFolder } from '../publish/state-folder.ts';
import { inPlaceTarget, type Target } from '../publish/target.ts';
import type { FoundFile } from '../scan/found-file.ts';
import { lookAtPackage } from '../scan/look-at-package.ts';
import type { NormalizedName } from '../standards/name.ts';
import { settingsText } from './compare.ts';
import { mayGo, pagesFirst } from './prepare-index.ts';
import { type ProjectResult, projectJobs } from './project-job.ts';
import type { PublishRow } from './publish-row.ts';
import { sortFiles } from './scan-site.ts';
import { untilSettled } from './until-settled.ts';

/** A file whose project somebody waits for. */
export interface AskedFile {
  repository: string;
  project: NormalizedName;
  /** From packages/; to be given for one that may be new. */
  path?: string;
  /** What was read of it before it came there. */
  known?: LearnedFile;
}

/** What waits for the lock. */
interface PreparedProjects {
  /** What was known of each project. */
  before: Map<NormalizedName, FoundRecord>;
  results: ProjectResult[];
}

/**
 * Publish single projects, and nothing else: what it costs does not grow with the site. Lists of all projects, and pages for people,
 * follow with the next whole build. Another build may run at the same time: it finds the records, and leaves these projects alone.
 *
 * @returns what became of their files; undefined where only a whole build can tell
 * @throws {KhoError}
 */
export async function publishAsked(config: SiteConfig, asked: readonly AskedFile[]): Promise<FileChange[] | undefined> {
  const known = asked.flatMap((file) => file.known ?? []);
  await untilSettled(known);
  const now = Date.now();
  closeFolders();
  const run = new AskedRun(config, asked, now);
  try {
    let prepared = await run.prepare();
    if (!prepared) return undefined;
    const unlock = await lockSite(config.root);
    try {
      const find = recordFinder(config.root);
      const stands = [...prepared.before].every(([name, { line, settings }]) => {
        const known = find(name);
        return known?.line === line && known?.settings === settings;
      });
      if (!stands) {
        run.discard(); // another run published since we looked: look again, now that nobody else can
        prepared = await run.prepare();
      }
      return prepared && (await run.apply(prepared));
    } finally {
      unlock();
    }
  } finally {
    run.close();
    closeFolders();
  }
}

/** How who holds the lock publishes. */
export interface LockedPublish {
  /** Folders whose names come to the disk along with the pages that tell of them; not where `publishLocked` returns undefined. */
  toFlush: readonly string[];
  /** Has read of the manifest since the lock was taken, and since what was published last under it. */
  find?: RecordFinder;
  /**
   * Others are published before and after under the same lock. What is known of these projects may not be on the disk yet then: see
   * `PublishRow.ended`. Pages of their JSON API follow with the next whole build.
   */
  row?: PublishRow;
}

/** As `publishAsked`, for who holds the lock. */
export async function publishLocked(
  config: SiteConfig,
  asked: readonly AskedFile[],
  { toFlush, find, row }: LockedPublish,
): Promise<FileChange[] | undefined> {
  await untilSettled(asked.flatMap((file) => file.known ?? []));
  const run = new AskedRun(config, asked, Date.now(), row);
  try {
    const prepared = await run.prepare(find);
    await row?.ended;
    return prepared && (await run.apply(prepared, toFlush));
  } finally {
    run.close();
  }
}

/** One time that projects are published by themselves. */
class AskedRun {
  readonly #config: SiteConfig;
  readonly #asked: readonly AskedFile[];
  readonly #now: number;
  readonly #target: Target;
  readonly #journal: Journal;
  readonly #row: PublishRow | undefined;
  readonly #staging: ReturnType<typeof heldTemporaryName> | undefined;
  readonly #stager: Stager;

  /** @throws {KhoError} SITE */
  constructor(config: SiteConfig, asked: readonly AskedFile[], now: number, row?: PublishRow) {
    this.#config = config;
    this.#asked = asked;
    this.#now = now;
    this.#target = inPlaceTarget(config);
    checkStateFolder(config.root);
    this.#row = row;
    this.#journal = row?.journal ?? new Journal(config.root, 'journal');
    this.#staging = row ? undefined : heldTemporaryName();
    this.#stager = new Stager(this.#target, row?.stagingName ?? this.#staging?.name);
  }

  /** Needs no lock. */
  async prepare(find = recordFinder(this.#config.root)): Promise<PreparedProjects | undefined> {
    if (!hasNames(this.#config.root)) return undefined; // those of all projects are to be remembered first
    const settings = { stagingName: this.#stager.name, find, now: this.#now, leavesJsonApi: this.#row !== undefined };
    return prepareProjects(this.#config, this.#target, this.#asked, settings);
  }

  /** The lock must be held. @returns as `publishAsked` */
  async apply(prepared: PreparedProjects, toFlush: readonly string[] = []): Promise<FileChange[] | undefined> {
    if (this.#journal.isLeft) return undefined; // of a run that died: more than these projects may be unsure
    await apply(this.#config, this.#target, this.#journal, prepared, { toFlush, ...(this.#row && { row: this.#row }) });
    return prepared.results.flatMap(({ changes }) => changes);
  }

  /** Give up what was prepared. */
  discard(): void {
    this.#stager.close(this.#config.repositories.map(({ name }) => name));
  }

  close(): void {
    if (!this.#staging) return; // the row's
    try {
      this.discard();
    } finally {
      this.#staging.giveBack();
    }
  }
}

async function apply(
  config: SiteConfig,
  target: Target,
  journal: Journal,
  { before, results }: PreparedProjects,
  { toFlush, row }: LockedPublish,
): Promise<void> {
  const changed = results.filter((result) => before.get(result.name)?.line !== result.line);
  if (changed.length === 0) {
    await flushBatch(toFlush, toFlush);
    return;
  }
  const folders = config.repositories.flatMap(({ name }) => [target.folderOf(name), target.packagesOf(name)]);
  await applyPlan({
    ...{ target, journal, changing: changed.map(({ name }) => name), journalMayComeBack: true },
    ...(row && { endsLater: (ended) => row.endsWith(ended) }),
    removals: pagesFirst(changed.flatMap(({ removals }) => removals).filter(mayGo(config, target))),
    toFlush: [...toFlush, ...changed.flatMap((result) => result.toFlush)],
    folders: folders.filter((path) => look(path)),
    moves: changed.flatMap(({ moves }) => moves),
    writeAhead: (later) => {
      const lines = new Map(changed.map(({ name, line }): [string, string | undefined] => [name, line]));
      const names = {
        ...{ changing: [...lines.keys()], all: () => lines.keys() },
        before: (name: string) => before.get(name as NormalizedName)?.line,
        after: (name: string) => lines.get(name),
      };
      const filesOf = (name: string) => {
        const line = lines.get(name);
        return line === undefined ? [] : (PROJECT_RECORDS.parse(line)?.files ?? []);
      };
      return [...rememberNames(target.root, names, later), ...withdrawKept(config, [...lines.keys()], filesOf, later)];
    },
    remember: () => {
      const records = new Map(changed.map(({ name, line }) => [name, line]));
      return addRecords(target.root, baseGeneration(readGeneration(target.root)), records);
    },
  });
}

async function prepareProjects(
  config: SiteConfig,
  target: Target,
  asked: readonly AskedFile[],
  { find, ...settings }: { stagingName: string; find: RecordFinder; now: number; leavesJsonApi: boolean },
): Promise<PreparedProjects | undefined> {
  const text = settingsText(config);
  const run = projectJobs({ config, tellChanges: true, ...settings });
  const prepared: PreparedProjects = { before: new Map(), results: [] };
  for (const name of new Set(asked.map(({ project }) => project))) {
    const known = find(name);
    if (known?.settings !== text || known.copies || !hasRoots(config, known)) return undefined;
    if (known.line === undefined && hasPages(config, target, name)) return undefined;
    const files = findFiles(config, target, name, known.line, asked);
    if (!files) return undefined;
    const read = asked.flatMap((file) => (file.project === name && file.known) || []);
    const result = await run({
      ...{ name, files },
      ...(known.line !== undefined && { previous: known.line }),
      ...(read.length > 0 && { known: read }),
    });
    if (result.strays.length > 0) return undefined; // files of another project than their names say: lists of them are kept for the whole site
    prepared.before.set(name, known);
    prepared.results.push(result);
  }
  return prepared;
}

/** Whether each repository was published before. */
function hasRoots(config: SiteConfig, { roots }: FoundRecord): boolean {
  return config.repositories.every(({ name }) =>
    roots.has(name === '.' ? 'simple/index.html' : `${name}/simple/index.html`),
  );
}

/** Pages of a project that no record knows. */
function hasPages(config: SiteConfig, target: Target, name: string): boolean {
  return config.repositories.some((repository) => look(`${target.folderOf(repository.name)}/simple/${name}`));
}

/** Those that are known of a project, and those that somebody waits for, as they are now; undefined where only a scan can tell. */
function findFiles(
  config: SiteConfig,
  target: Target,
  name: NormalizedName,
  line: string | undefined,
  asked: readonly AskedFile[],
): FoundFile[] | undefined {
  const record = line === undefined ? undefined : PROJECT_RECORDS.parse(line);
  if (line !== undefined && (!record || record.files.some(({ unseen }) => unseen))) return undefined;
  const paths = new Map<string, { repository: string; path: string }>();
  for (const file of record?.files ?? []) paths.set(sitePath(file), file);
  for (const { repository, project, path } of asked)
    if (project === name && path !== undefined) paths.set(sitePath({ repository, path }), { repository, path });
  const files: FoundFile[] = [];
  for (const { repository, path } of paths.values()) {
    if (!config.repositories.some((one) => one.name === repository && one.packages !== undefined)) return undefined;
    const found = lookAtPackage(repository, target.packagesOf(repository), path);
    if (found === 'link') return undefined;
    if (found) files.push(found);
  }
  sortFiles(files);
  return files;
}
