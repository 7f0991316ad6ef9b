import { join } from 'node:path';
import { flushFolder, removeFolder } from '../io/disk.ts';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';
import { look } from '../io/open-file.ts';
import { stateFolder } from './state-folder.ts';

/**
 * The projects whose pages are about to change. Written before the first of them changes, removed after the records that
 * know the new ones: a run that finds it knows whose folders may hold more, or other, than the records say.
 */
export class Journal {
  readonly #path: string;
  readonly #folder: string;

  /** @param name of its file; pages for installers and pages for people have one each */
  constructor(root: string, name: 'journal' | 'pages-journal') {
    this.#folder = stateFolder(root);
    this.#path = join(this.#folder, name);
  }

  /** @throws {KhoError} WRITE */
  write(projects: readonly string[]): void {
    writeKeptLines(this.#path, projects);
  }

  /** Undefined when the last run came to its end; `all` when it did not, and what it wrote cannot be read. */
  read(): ReadonlySet<string> | 'all' | undefined {
    if (!look(this.#path)) return undefined;
    try {
      const { lines, isDamaged } = readKeptLines(this.#path);
      return isDamaged ? 'all' : new Set(lines);
    } catch {
      return 'all';
    }
  }

  /** @throws {KhoError} WRITE */
  remove(): void {
    removeFolder(this.#path); // something else than a file may have this name
    flushFolder(this.#folder);
  }
}
