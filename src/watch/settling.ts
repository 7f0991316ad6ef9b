/** A file counts as whole after so long without an event. */
const QUIET_MS = 150;

/** A file that is written to all the time is looked at after so long once, in case it was listed before: it is no longer what the index says. */
const BUSY_MS = 400;

/** Tells when there is something to publish, from events about single files. Holds no clock and no timer: it is told the time. */
export class Settling {
  /** Time of the last event about each path, and of the first since it was quiet. */
  readonly #events = new Map<string, { first: number; last: number; seenBusy: boolean }>();

  note(path: string, now: number): void {
    const event = this.#events.get(path);
    if (event) event.last = now;
    else this.#events.set(path, { first: now, last: now, seenBusy: false });
  }

  /** When the next build is due; undefined when nothing has happened. May lie in the past. */
  due(): number | undefined {
    let due: number | undefined;
    for (const { first, last, seenBusy } of this.#events.values()) {
      const quiet = last + QUIET_MS;
      const own = seenBusy ? quiet : Math.min(quiet, first + BUSY_MS);
      if (due === undefined || own < due) due = own;
    }
    return due;
  }

  /**
   * A build begins: forgets what is quiet.
   *
   * @returns paths that are still being written to, and when the last event about each quiet one was
   */
  take(now: number): { busy: Set<string>; quiet: Map<string, number> } {
    const busy = new Set<string>();
    const quiet = new Map<string, number>();
    for (const [path, event] of this.#events) {
      if (now - event.last < QUIET_MS) {
        event.seenBusy = true;
        busy.add(path);
      } else {
        quiet.set(path, event.last);
        this.#events.delete(path);
      }
    }
    return { busy, quiet };
  }
}
