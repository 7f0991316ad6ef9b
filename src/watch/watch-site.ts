import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileChange } from '../build-report.ts';
import { KhoError } from '../errors.ts';
import type { AskedFile } from '../index/publish-asked.ts';
import { OrderThread } from '../jobs/order-thread.ts';
import { releaseThread } from '../publish/lock.ts';
import { AskedBuilds, type AskedOutcome } from './asked-builds.ts';
import { AskedPlaces } from './asked-places.ts';
import { EventTeller, FRESH_MS } from './event-teller.ts';
import { FolderWatcher } from './folder-watcher.ts';
import { FollowUp } from './follow-up.ts';
import { type BuildOrder, type BuildOutcome, runBuild } from './run-build.ts';
import { Settling } from './settling.ts';
import type { WatchOptions } from './watch-options.ts';
import { WatchedPlaces } from './watched-places.ts';

/** Without an event, folders are looked through so often: for network disks, which send none, and for events that got lost. */
const RESCAN_SECONDS = 60;

/** After a failed build (a full disk, a folder that cannot be read) kho tries again, in seconds. */
const RETRY_SECONDS = 5;

/** Files that were published before are looked at once more after so long without anything else to do, and so long after one another. In milliseconds. */
const SECOND_LOOK_PAUSE_MS = 2000;

/** A build has so long to come to its end when watching ends. */
const CLOSE_MS = 6000;

/** Events about files that somebody asked for still come in for so long after they were published. */
const ASKED_ECHO_MS = 1000;

/** Events about kho's own FILE.metadata still come in for so long after a build. */
const ECHO_MS = 100;

/**
 * Keeps a site published: builds once, then again whenever something in its folders has changed and come to rest. An
 * error does not end it.
 */
export class SiteWatcher {
  readonly #root: string;
  readonly #options: WatchOptions;
  readonly #builder: OrderThread<BuildOrder, BuildOutcome>;
  readonly #asked: AskedBuilds;
  readonly #askedPlaces = new AskedPlaces();
  readonly #followUp = new FollowUp();
  /** Those who wait for a build that begins from now on. */
  #waitingForWhole: { resolve(changes: FileChange[]): void; reject(error: unknown): void }[] = [];
  readonly #settling = new Settling();
  readonly #folders: FolderWatcher;
  readonly #places: WatchedPlaces;
  readonly #teller: EventTeller;
  #timer: NodeJS.Timeout | undefined;
  #rescanAt = 0;
  #lastBuildEnded = 0;
  #secondLookAt = Number.POSITIVE_INFINITY;
  /** Tells the thread that builds, in the middle of a second look, that there is something to be done by now. */
  readonly #hurry = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #building: Promise<void> | undefined;
  #closed = false;

  constructor(root: string, options: WatchOptions) {
    this.#root = root;
    this.#options = options;
    this.#places = new WatchedPlaces(root);
    this.#teller = new EventTeller(options.onEvent);
    this.#builder = new OrderThread('site-builds', runBuild, {
      onEnd: (thread) => releaseThread(root, thread),
      onStall: (isStalled) => options.onEvent({ event: isStalled ? 'stalled' : 'goes on' }),
    });
    this.#asked = new AskedBuilds({
      root,
      lastGood: () => this.#places.config,
      buildWhole: () => this.#buildWhole(),
      onPublished: (changes) => this.#onPublished(changes),
    });
    this.#folders = new FolderWatcher(
      (folder, name) => this.#onEvent(folder, name),
      (folder, error) =>
        this.#teller.fault(
          `Cannot watch "${folder}": ${error.message}`,
          `kho looks there every ${RESCAN_SECONDS} seconds`,
        ),
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
    const first = this.#builder.run({ root: this.#root, busy: new Set() });
    this.#building = first.then(
      () => {},
      () => {},
    );
    try {
      const outcome = await first;
      this.#lastBuildEnded = Date.now();
      if (this.#accept(outcome)) this.#rescanAt = 0; // something may have come before its folder was watched
      this.#options.onEvent({ event: 'watching', site: this.#root, report: outcome.report });
      const isSilent = canWait
        ? this.#teller.tell(outcome, new Map()) // what changed since it was published
        : this.#teller.tellProblems(outcome.config, outcome.report.problems);
      if (isSilent) this.#lookAgain();
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

  /**
   * Publish the projects of these files at once, for somebody who waits for it: without waiting for files to come to rest, and beside a
   * build that runs. Lists of the whole site follow a little later.
   */
  async ask(files: readonly AskedFile[]): Promise<AskedOutcome> {
    for (const path of this.#askedPlaces.add(files)) this.#settling.forget(path);
    this.#follow();
    try {
      return await this.#asked.ask(files);
    } finally {
      this.#follow();
      setTimeout(() => this.#askedPlaces.remove(files), ASKED_ECHO_MS).unref();
    }
  }

  /** Somebody else published the projects of these files by themselves: to be called at once, so that no build looks at them again. */
  published(files: readonly AskedFile[], changes: FileChange[]): void {
    for (const path of this.#askedPlaces.add(files)) this.#settling.forget(path);
    this.#follow();
    this.#onPublished(changes);
    setTimeout(() => this.#askedPlaces.remove(files), ASKED_ECHO_MS).unref();
  }

  /** Lets the build that runs, if any, come to its end; one that takes too long is broken off, as by a kill. */
  async close(): Promise<void> {
    this.#closed = true;
    Atomics.store(this.#hurry, 0, 1);
    clearTimeout(this.#timer);
    this.#folders.close();
    const late = sleep(CLOSE_MS, undefined, { ref: false });
    const asked = this.#asked.end();
    for (const { reject } of this.#waitingForWhole.splice(0)) reject(new Error('kho ends'));
    await Promise.race([Promise.all([this.#building?.catch(() => {}), asked]), late]);
    await Promise.all([this.#asked.close(), this.#builder.close()]);
  }

  #onPublished(changes: FileChange[]): void {
    this.#options.onPublished?.();
    this.#teller.tellChanges(changes, () => undefined);
  }

  #onEvent(folder: string, name: string): void {
    if (!this.#places.concerns(folder, name)) return;
    if (this.#askedPlaces.has(this.#places.sitePath(folder, name))) {
      this.#follow();
      return;
    }
    const echo = this.#building !== undefined || Date.now() - this.#lastBuildEnded < ECHO_MS;
    if (echo && name.endsWith('.metadata')) {
      setTimeout(() => this.#lookForMetadata(folder, name), 2 * ECHO_MS).unref();
      return;
    }
    this.#settling.note(this.#places.sitePath(folder, name), Date.now());
    Atomics.store(this.#hurry, 0, 1);
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
    this.#settling.note(this.#places.sitePath(folder, name), Date.now());
    this.#schedule();
  }

  #follow(): void {
    this.#followUp.note(Date.now());
    Atomics.store(this.#hurry, 0, 1);
    this.#schedule();
  }

  #buildWhole(): Promise<FileChange[]> {
    return new Promise((resolve, reject) => {
      this.#waitingForWhole.push({ resolve, reject });
      Atomics.store(this.#hurry, 0, 1);
      this.#schedule();
    });
  }

  /** When something is to be published. */
  #due(): number | undefined {
    if (this.#waitingForWhole.length > 0) return 0;
    const [settled, followUp] = [this.#settling.due(), this.#followUp.due()];
    return settled === undefined || followUp === undefined ? (settled ?? followUp) : Math.min(settled, followUp);
  }

  #schedule(): void {
    if (this.#closed || this.#building) return;
    clearTimeout(this.#timer);
    const due = Math.min(this.#due() ?? this.#secondLookAt, this.#rescanAt);
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
    const isIdle = this.#due() === undefined && Date.now() >= this.#secondLookAt;
    const waiting = this.#waitingForWhole.splice(0);
    this.#followUp.began();
    const { busy, quiet } = this.#settling.take(Date.now());
    const lastGood = this.#places.config;
    Atomics.store(this.#hurry, 0, 0);
    try {
      const outcome = await this.#builder.run({
        ...{ root: this.#root, busy },
        ...(lastGood && { lastGood }),
        ...(isIdle && { secondLook: this.#hurry.buffer as SharedArrayBuffer }),
      });
      this.#lastBuildEnded = Date.now();
      this.#followUp.ended(this.#lastBuildEnded, outcome.report.durationMs);
      const isNew = this.#accept(outcome);
      for (const { resolve } of waiting) resolve(outcome.changes);
      if (this.#teller.tell(outcome, quiet)) this.#lookAgain();
      if (isNew) this.#rescanAt = 0; // something may have come into a new folder before it was watched
    } catch (error) {
      for (const { reject } of waiting) reject(error);
      if (this.#closed) return; // it was broken off
      if (!(error instanceof KhoError)) throw error;
      this.#retry(error);
    }
  }

  /** @returns whether a folder is watched that was not before */
  #accept(outcome: BuildOutcome): boolean {
    if (this.#closed) return false; // its folders are watched no more
    this.#places.config = outcome.config;
    this.#rescanAt = Date.now() + (this.#options.pollSeconds ?? RESCAN_SECONDS) * 1000;
    this.#rescanAt = Math.min(this.#rescanAt, outcome.syncDueMs ?? this.#rescanAt);
    this.#teller.tellSettings(outcome.badConfig);
    this.#planSecondLook(outcome);
    this.#options.onBuilt?.(outcome);
    return this.#watchFolders(outcome.folders);
  }

  /** Where the last one came to nothing, not before the folders are looked through again. */
  #planSecondLook({ report: { due, secondLook } }: BuildOutcome): void {
    const isStuck = secondLook !== undefined && secondLook.judged + secondLook.unpacked === 0;
    this.#secondLookAt =
      due.outdated + due.unverified === 0
        ? Number.POSITIVE_INFINITY
        : isStuck && Atomics.load(this.#hurry, 0) === 0
          ? this.#rescanAt
          : Date.now() + SECOND_LOOK_PAUSE_MS;
  }

  #watchFolders(packages: readonly string[]): boolean {
    if (this.#options.pollSeconds !== undefined) return false;
    return this.#folders.set(this.#places.folders(packages));
  }

  /** Of files that may still be on their way nothing was said: they are whole by then, or are told of. */
  #lookAgain(): void {
    this.#rescanAt = Math.min(this.#rescanAt, Date.now() + FRESH_MS);
  }

  #retry(error: KhoError): void {
    this.#lastBuildEnded = Date.now();
    this.#rescanAt = Date.now() + RETRY_SECONDS * 1000;
    this.#secondLookAt = Number.POSITIVE_INFINITY; // until a build comes to its end
    this.#teller.fault(error.message, error.hint);
  }
}
