import { join } from 'node:path';
import { flushFolder, removeFolder } from '../io/disk.ts';
import { putKeptLines, readKeptLines } from '../io/kept-lines.ts';
import { look } from '../io/open-file.ts';
import { stateFolder } from './state-folder.ts';

/**
 * The projects whose pages are about to change. Written before the first of them changes, removed after the records that
 * know the new ones: a run that finds it knows whose folders may hold more, or other, than the records say.
 */
export class Journal {
  protected readonly path: string;
  readonly #folder: string;

  /** @param name of its file; pages for installers, pages for people and catalogues have one each */
  constructor(root: string, name: 'journal' | 'pages-journal' | 'sync-journal') {
    this.#folder = stateFolder(root);
    this.path = join(this.#folder, name);
  }

  /** @returns what has to be flushed before the first of them changes @throws {KhoError} WRITE */
  write(projects: readonly string[]): string[] {
    putKeptLines(this.path, projects);
    return [this.path, ...(process.platform === 'win32' ? [] : [this.#folder])];
  }

  /** Whether somebody who wrote it did not come to his end. */
  get isLeft(): boolean {
    return look(this.path) !== undefined;
  }

  /** Undefined when the last run came to its end; `all` when it did not, and what it wrote cannot be read. */
  read(): ReadonlySet<string> | 'all' | undefined {
    if (!look(this.path)) return undefined;
    try {
      const { lines, isDamaged } = readKeptLines(this.path);
      return isDamaged ? 'all' : new Set(lines);
    } catch {
      return 'all';
    }
  }

  /** @param mayComeBack after a power cut, which costs the next run a look at its projects @throws {KhoError} WRITE */
  remove(mayComeBack = false): void {
    removeFolder(this.path); // something else than a file may have this name
    if (!mayComeBack) flushFolder(this.#folder);
  }
}
