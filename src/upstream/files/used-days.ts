import { addLine } from '../../io/add-line.ts';
import { makeFolder } from '../../io/disk.ts';
import { readFile } from '../../io/open-file.ts';
import { putFile } from '../../io/write-file-atomic.ts';
import { upstreamFolder } from '../../kept-upstream/kept-places.ts';
import { usedPath } from './places.ts';

/** `2026-01-02 public/packages/…`, in characters. */
const DAY_LENGTH = 10;

/** More are worth writing anew. */
const MANY_LINES = 50_000;

/** On which day each file was last served, as far as kho served it: a line a file and day. May be lost, or be written by anybody: it decides what goes first, and nothing else. */
export class UsedDays {
  readonly #root: string;
  #days: Map<string, string> | undefined;
  /** Of this process, in milliseconds since 1970. */
  readonly #times = new Map<string, number>();

  constructor(root: string) {
    this.#root = root;
  }

  /** @param path see `keptPath` */
  note(path: string, nowMs: number): void {
    this.#times.set(path, nowMs);
    const day = new Date(nowMs).toISOString().slice(0, 10);
    const days = this.#all();
    if (days.get(path) === day) return;
    days.set(path, day);
    try {
      makeFolder(upstreamFolder(this.#root));
      addLine(usedPath(this.#root), `${day} ${path}\n`, 'may be lost');
    } catch {
      // A full disk: then it counts as used in this process only.
    }
  }

  /** At least, in milliseconds since 1970. */
  lastUsedMs(path: string): number | undefined {
    const day = this.#all().get(path);
    return this.#times.get(path) ?? (day === undefined ? undefined : Date.parse(day));
  }

  #all(): Map<string, string> {
    this.#days ??= this.#read();
    return this.#days;
  }

  #read(): Map<string, string> {
    const days = new Map<string, string>();
    try {
      const lines = readFile(usedPath(this.#root)).toString('utf8').split('\n');
      for (const line of lines) {
        const [day, path] = [line.slice(0, DAY_LENGTH), line.slice(DAY_LENGTH + 1)];
        if (path !== '' && !Number.isNaN(Date.parse(day))) days.set(path, day);
      }
      if (lines.length > MANY_LINES && lines.length > 2 * days.size)
        putFile(
          usedPath(this.#root),
          [...days].map(([path, day]) => `${day} ${path}\n`),
        );
    } catch {
      // None yet, or none that can be read.
    }
    return days;
  }
}
