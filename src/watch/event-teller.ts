import { statSync } from 'node:fs';
import type { BuildReport, FileChange } from '../build-report.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { MAY_STILL_GROW } from '../index/collect-problems.ts';
import type { Problem } from '../problems.ts';
import { inPlaceTarget, locate } from '../publish/target.ts';
import { foldStrays } from './fold-strays.ts';
import type { BuildOutcome } from './run-build.ts';
import type { WatchEvent } from './watch-event.ts';

/** A file that is not whole, and was written to that lately, is taken for one on its way. */
export const FRESH_MS = 10_000;

/** Tells what builds came to: each thing once, as long as it lasts. */
export class EventTeller {
  readonly #onEvent: (event: WatchEvent) => void;
  /** Problems told of that still are. */
  #reported = new Set<string>();
  #lastFault = '';
  #isConfigBad = false;

  constructor(onEvent: (event: WatchEvent) => void) {
    this.#onEvent = onEvent;
  }

  /**
   * @param quiet when the last event about each file was, by path from the site's root
   * @returns whether it keeps silent about files that may still be on their way: somebody has to look again
   */
  tell({ config, report, changes }: BuildOutcome, quiet: ReadonlyMap<string, number>): boolean {
    const cameFrom = new Map(report.moved.map(({ file, to }) => [to, file]));
    this.tellChanges(changes, (file) => quiet.get(file) ?? quiet.get(cameFrom.get(file) ?? ''));
    this.#tellSecondLook(report);
    const isSilent = this.tellProblems(config, [...report.problems, ...report.notes.filter(isLasting)]);
    for (const note of report.notes) if (note.code === 'refused') this.#onEvent({ event: 'problem', problem: note });
    const { written, removed, durationMs } = report;
    if (written + removed > 0) this.#onEvent({ event: 'built', written, removed, durationMs });
    return isSilent;
  }

  /** @param sinceOf when the last event about a file was */
  tellChanges(changes: readonly FileChange[], sinceOf: (file: string) => number | undefined): void {
    for (const change of changes) {
      if (change.became === 'held') continue; // told as a problem, unless it is still on its way
      const since = sinceOf(change.file);
      this.#onEvent({ event: 'file', ...change, ...(since !== undefined && { tookMs: Date.now() - since }) });
    }
  }

  /** Before all else: files that were listed until now may be gone. */
  #tellSecondLook({ secondLook, due }: BuildReport): void {
    if (!secondLook || secondLook.judged + secondLook.held.length === 0) return;
    this.#onEvent({ event: 'judged', ...secondLook, left: due.outdated });
  }

  /** @returns as `tell` */
  tellProblems(config: SiteConfig, problems: readonly Problem[]): boolean {
    const before = this.#reported;
    this.#reported = new Set();
    let isSilent = false;
    for (const { problem, key } of foldStrays(problems)) {
      if (MAY_STILL_GROW.has(problem.code) && isFresh(config, problem.file)) {
        isSilent = true;
        continue;
      }
      this.#reported.add(key);
      if (!before.has(key)) this.#onEvent({ event: 'problem', problem });
    }
    return isSilent;
  }

  /** The settings that a build found: those that cannot be used are a fault, until they can. */
  tellSettings(bad: BuildOutcome['badConfig']): void {
    if (bad) this.fault(bad.message, bad.hint ?? 'the settings before it stay in force');
    else {
      this.#lastFault = '';
      if (this.#isConfigBad) this.#onEvent({ event: 'settings' });
    }
    this.#isConfigBad = bad !== undefined;
  }

  /** Told once, not at every retry. */
  fault(message: string, hint: string | undefined): void {
    if (message === this.#lastFault) return;
    this.#lastFault = message;
    this.#onEvent({ event: 'error', message, ...(hint !== undefined && { hint }) });
  }
}

/** A note that stays true until somebody acts. */
function isLasting({ code }: Problem): boolean {
  return code === 'writable-by-others';
}

/** Whether it was written to that lately that an upload over a slow link may only be pausing. */
function isFresh(config: SiteConfig, file: string): boolean {
  const stats = statSync(locate(inPlaceTarget(config), file), { throwIfNoEntry: false });
  return (
    stats !== undefined && Math.abs(Date.now() - stats.mtimeMs) < FRESH_MS && Date.now() - stats.ctimeMs < FRESH_MS
  );
}
