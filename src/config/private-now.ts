import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileStamp } from '../io/file-stamp.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { SETTINGS_FILE } from './find-site.ts';
import type { LoadedSettings } from './load-settings.ts';

/** What was read is taken for what stands there for so long, in milliseconds. */
const FRESH_MS = 100;

/**
 * Which repositories kho.toml says are private, at this very moment. A site is published by settings that were understood and built with:
 * these may be minutes behind, or for good, where the build fails. What is to be hidden has to be hidden at once.
 *
 * Settings that nobody can read to their end say nothing new. Those with faults elsewhere do: the name is there.
 */
export class PrivateNow {
  readonly #path: string;
  readonly #load: (bytes: Uint8Array) => LoadedSettings;
  readonly #now: () => number;
  #checkedMs = Number.NEGATIVE_INFINITY;
  #stamp = '';
  #names: ReadonlySet<string> = new Set();

  private constructor(root: string, load: (bytes: Uint8Array) => LoadedSettings, now: () => number) {
    this.#path = join(root, SETTINGS_FILE);
    this.#load = load;
    this.#now = now;
  }

  /** @param now milliseconds, from any point in time */
  static async open(root: string, now: () => number = () => performance.now()): Promise<PrivateNow> {
    const { loadSettings } = await import('./load-settings.ts'); // brings the TOML parser, before the first request waits for it
    return new PrivateNow(root, loadSettings, now);
  }

  names(): ReadonlySet<string> {
    const now = this.#now();
    if (now - this.#checkedMs < FRESH_MS) return this.#names;
    this.#checkedMs = now;
    try {
      const stats = statSync(this.#path, { throwIfNoEntry: false });
      const stamp = stats ? JSON.stringify(fileStamp(stats)) : 'none';
      if (stamp === this.#stamp) return this.#names;
      if (stats === undefined) this.#names = new Set();
      else if (!stats.isFile() || stats.size > TEXT_LIMITS.settingsBytes)
        return this.#names; // no settings: a build says so
      else this.#read();
      this.#stamp = stamp;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
    return this.#names;
  }

  #read(): void {
    const { repositories, isUnderstood } = this.#load(readFileSync(this.#path));
    if (!isUnderstood) return;
    this.#names = new Set([...repositories].filter(([, one]) => one.private).map(([name]) => name));
  }
}
