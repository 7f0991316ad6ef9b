import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { MAY_STILL_GROW } from '../build/collect-problems.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import type { Problem } from '../problems.ts';
import { inPlaceTarget, locate } from '../publish/target.ts';
import { Builder } from './builder.ts';
import { FolderWatcher } from './folder-watcher.ts';
import type { BuildOutcome } from './run-build.ts';
import { Settling } from './settling.ts';
import type { WatchEvent } from './watch-event.ts';

/** Without an event, folders are looked through so often: for network disks, which send none, and for events that got lost. */
const RESCAN_SECONDS = 60;

/** After a failed build (a full disk, a folder that cannot be read) kho tries again, in seconds. */
const RETRY_SECONDS = 5;

/** Events about kho's own FILE.metadata still come in for so long after a build. */
const ECHO_MS = 100;

/** A file that is not whole, and was written to that lately, is taken for one on its way. */
const FRESH_MS = 10_000;

export interface WatchOptions {
  /** Look through the folders so often, and do not ask the kernel for events. In seconds. */
  pollSeconds?: number;
  onEvent(event: WatchEvent): void;
  /** Called after each build that came to its end. */
  onBuilt?(outcome: BuildOutcome): void;
}

/**
 * Keeps a site published: builds once, then again whenever something in its folders has changed and come to rest. An
 * error does not end it.
 */
export class SiteWatcher {
  readonly #root: string;
  readonly #options: WatchOptions;
  readonly #builder = new Builder();
  readonly #settling = new Settling();
  readonly #folders: FolderWatcher;
  #config: SiteConfig | undefined;
  #timer: NodeJS.Timeout | undefined;
  #rescanAt = 0;
  #lastBuildEnded = 0;
  #building: Promise<void> | undefined;
  #closed = false;
  #reported = new Set<string>();
  #lastError = '';

  constructor(root: string, options: WatchOptions) {
    this.#root = root;
    this.#options = options;
    this.#folders = new FolderWatcher(
      (folder, name) => this.#onEvent(folder, name),
      (folder, error) =>
        this.#fault(`Cannot watch "${folder}": ${error.message}`, `kho looks there every ${RESCAN_SECONDS} seconds`),
    );
  }

  /**
   * Build, and begin to watch.
   *
   * @param canWait a site that was published before can be served as it is: a first build that fails is told, and tried again
   * @throws {KhoError} when the first build fails
   */
  async start(canWait = false): Promise<void> {
    this.#watchFolders([]); // before the build: what comes meanwhile must not be missed
    const first = this.#builder.build({ root: this.#root, busy: new Set() });
    this.#building = first.then(
      () => {},
      () => {},
    );
    try {
      const outcome = await first;
      this.#lastBuildEnded = Date.now();
      if (this.#accept(outcome)) this.#rescanAt = 0; // something may have come before its folder was watched
      this.#options.onEvent({ event: 'watching', site: this.#root, report: outcome.report });
      if (canWait)
        this.#tell(outcome, new Map()); // what changed since it was published
      else for (const problem of outcome.report.problems) this.#tellProblem(problem);
    } catch (error) {
      if (!canWait || !(error instanceof KhoError)) throw error;
      this.#retry(error);
    } finally {
      this.#building = undefined;
    }
    this.#schedule();
  }

  /** Look through the folders now, for example since kho.toml is to be read again. */
  rescan(): void {
    this.#rescanAt = 0;
    this.#schedule();
  }

  /** Resolves when the build that runs, if any, has come to its end. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#folders.close();
    await this.#building;
    await this.#builder.close();
  }

  #onEvent(folder: string, name: string): void {
    if (name.startsWith('.')) return; // kho's own, and what is on its way
    const inPackages = this.#isInPackages(folder);
    if (!inPackages && name !== '' && name !== 'kho.toml' && !this.#mayBeRepository(folder, name)) return;
    const echo = this.#building !== undefined || Date.now() - this.#lastBuildEnded < ECHO_MS;
    if (echo && name.endsWith('.metadata')) {
      setTimeout(() => this.#lookForMetadata(folder, name), 2 * ECHO_MS).unref();
      return;
    }
    this.#settling.note(this.#sitePath(folder, name), Date.now());
    this.#schedule();
  }

  /** Most events about metadata during a build are kho's own; but somebody may have removed some meanwhile. */
  #lookForMetadata(folder: string, name: string): void {
    const path = join(folder, name);
    if (this.#closed || existsSync(path) || !existsSync(path.slice(0, -'.metadata'.length))) return;
    if (this.#building) {
      setTimeout(() => this.#lookForMetadata(folder, name), 2 * ECHO_MS).unref();
      return;
    }
    this.#settling.note(this.#sitePath(folder, name), Date.now());
    this.#schedule();
  }

  /** In the site's and the repositories' own folders only what may become packages is of interest; pages are kho's. */
  #mayBeRepository(folder: string, name: string): boolean {
    if (name === 'packages' || name === 'incoming') return true;
    if (folder !== this.#root) return false;
    const isKnown = this.#config?.repositories.some((repository) => repository.name === name) === true;
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    return isKnown ? stats === undefined : stats?.isDirectory() === true;
  }

  #isInPackages(folder: string): boolean {
    const homes = this.#config?.repositories.flatMap(({ packages }) => packages ?? []) ?? [];
    return [...homes, join(this.#root, 'incoming')].some((home) => folder === home || folder.startsWith(home + sep));
  }

  /** As the scan names it: a path below packages/, which may be a link to another disk, stands under its repository. */
  #sitePath(folder: string, name: string): string {
    const path = join(folder, name);
    for (const { name: repository, packages } of this.#config?.repositories ?? []) {
      if (packages === undefined || (folder !== packages && !folder.startsWith(packages + sep))) continue;
      return join(repository, 'packages', relative(packages, path));
    }
    return relative(this.#root, path);
  }

  #schedule(): void {
    if (this.#closed || this.#building) return;
    clearTimeout(this.#timer);
    const due = Math.min(this.#settling.due() ?? Number.POSITIVE_INFINITY, this.#rescanAt);
    this.#timer = setTimeout(
      () => {
        this.#building = this.#build().finally(() => {
          this.#building = undefined;
          this.#schedule();
        });
      },
      Math.max(0, due - Date.now()),
    );
  }

  async #build(): Promise<void> {
    const { busy, quiet } = this.#settling.take(Date.now());
    const lastGood = this.#config;
    try {
      const outcome = await this.#builder.build({ root: this.#root, busy, ...(lastGood && { lastGood }) });
      this.#lastBuildEnded = Date.now();
      const isNew = this.#accept(outcome);
      this.#tell(outcome, quiet);
      if (isNew) this.#rescanAt = 0; // something may have come into a new folder before it was watched
    } catch (error) {
      if (!(error instanceof KhoError)) throw error;
      this.#retry(error);
    }
  }

  /** @returns whether a folder is watched that was not before */
  #accept(outcome: BuildOutcome): boolean {
    if (this.#closed) return false; // its folders are watched no more
    this.#config = outcome.config;
    this.#rescanAt = Date.now() + (this.#options.pollSeconds ?? RESCAN_SECONDS) * 1000;
    if (outcome.badConfig)
      this.#fault(outcome.badConfig.message, outcome.badConfig.hint ?? 'the settings before it stay in force');
    else this.#lastError = '';
    this.#options.onBuilt?.(outcome);
    return this.#watchFolders(outcome.folders);
  }

  #watchFolders(packages: readonly string[]): boolean {
    if (this.#options.pollSeconds !== undefined) return false;
    const incoming = join(this.#root, 'incoming');
    return this.#folders.set([
      this.#root,
      ...(this.#config?.repositories.map(({ folder }) => folder) ?? []),
      ...packages,
      ...(existsSync(incoming) ? foldersBelow(incoming) : []),
    ]);
  }

  #tell({ report, changes }: BuildOutcome, quiet: ReadonlyMap<string, number>): void {
    const cameFrom = new Map(report.moved.map(({ file, to }) => [to, file]));
    for (const change of changes) {
      if (change.became === 'held') continue; // told as a problem, unless it is still on its way
      const since = quiet.get(change.file) ?? quiet.get(cameFrom.get(change.file) ?? '');
      this.#options.onEvent({ event: 'file', ...change, ...(since !== undefined && { tookMs: Date.now() - since }) });
    }
    const before = this.#reported;
    this.#reported = new Set();
    for (const problem of report.problems) this.#tellProblem(problem, before);
    for (const note of report.notes) if (note.code === 'refused') this.#tellProblem(note);
    const { written, removed, durationMs } = report;
    if (written + removed > 0) this.#options.onEvent({ event: 'built', written, removed, durationMs });
  }

  #tellProblem(problem: Problem, before: ReadonlySet<string> = new Set()): void {
    if (MAY_STILL_GROW.has(problem.code) && this.#isFresh(problem.file)) {
      this.#rescanAt = Math.min(this.#rescanAt, Date.now() + FRESH_MS);
      return;
    }
    const key = `${problem.code} ${problem.file} ${problem.what}`;
    this.#reported.add(key);
    if (!before.has(key)) this.#options.onEvent({ event: 'problem', problem });
  }

  /** Whether it was written to that lately that an upload over a slow link may only be pausing. */
  #isFresh(file: string): boolean {
    const source = this.#config && inPlaceTarget(this.#config);
    const stats = source && statSync(locate(source, file), { throwIfNoEntry: false });
    return (
      stats !== undefined && Math.abs(Date.now() - stats.mtimeMs) < FRESH_MS && Date.now() - stats.ctimeMs < FRESH_MS
    );
  }

  #retry(error: KhoError): void {
    this.#lastBuildEnded = Date.now();
    this.#rescanAt = Date.now() + RETRY_SECONDS * 1000;
    this.#fault(error.message, error.hint);
  }

  /** Told once, not at every retry. */
  #fault(message: string, hint: string | undefined): void {
    if (message === this.#lastError) return;
    this.#lastError = message;
    this.#options.onEvent({ event: 'error', message, ...(hint !== undefined && { hint }) });
  }
}

/** Of incoming/; what cannot be listed is told by the build as a problem. */
function foldersBelow(folder: string): string[] {
  let below: Dirent[];
  try {
    below = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  below = below.filter((entry) => entry.isDirectory() && entry.name !== 'refused');
  return [folder, ...below.flatMap((entry) => foldersBelow(join(folder, entry.name)))];
}
