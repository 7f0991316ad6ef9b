import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder, removeFolder, writeNewFile } from '../io/disk.ts';
import { FLUSH_ONE_BY_ONE } from '../io/flush.ts';
import { readPageStamp } from '../io/page-stamp.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { type PageFile, withPackedForms } from '../render/packed-forms.ts';
import type { Page } from '../render/page.ts';
import type { Published } from './manifest.ts';
import { fromRoot, locate, type Target } from './target.ts';

/** What waits under a temporary name to be moved where readers find it: a file, or a folder that is new as a whole. */
export interface Move {
  /** Absolute. */
  from: string;
  /** From the site's root. */
  to: string;
}

/** What staging came to. */
export interface Staged {
  /** What is published once the moves are made: by path from the site's root. */
  published: Published;
  moves: Move[];
  /** How many files were written. */
  written: number;
  /** Absolute paths of the first of them: a few are flushed one by one, many by file system. */
  toFlush: string[];
  unchanged: number;
}

export function nothingStaged(): Staged {
  return { published: new Map(), moves: [], written: 0, toFlush: [], unchanged: 0 };
}

export function addWritten(staged: Pick<Staged, 'written' | 'toFlush'>, path: string): void {
  staged.written++;
  if (staged.toFlush.length <= FLUSH_ONE_BY_ONE) staged.toFlush.push(path);
}

/**
 * Writes pages beside the site, into a hidden folder of each repository (so on the same disk), without touching what
 * readers see. No lock is needed for that; what a run that died leaves behind is swept by the next.
 */
export class Stager {
  /** Of the hidden folders. Several threads may share one: each project is staged by one of them. */
  readonly name: string;
  readonly #target: Target;
  readonly #precompress: boolean;
  readonly #folders = new Set<string>();

  /** @param precompress pages get packed forms beside them, staged and moved right after them */
  constructor(target: Target, name: string = temporaryName(), precompress = false) {
    this.#target = target;
    this.#precompress = precompress;
    this.name = name;
  }

  /** @param known what the manifest says is published: a page whose inputs and stamp are still the same is not rendered */
  async stage(repository: string, pages: readonly Page[], known: Published, into: Staged): Promise<void> {
    const home = this.#target.folderOf(repository);
    const exists = rememberExisting();
    const movedFolders = new Set<string>();
    const files: readonly PageFile[] = this.#precompress ? withPackedForms(pages) : pages;
    for (const page of files) {
      const sitePath = fromRoot(repository, page.path);
      const newFolder = topmostNewFolder(home, page.path, exists);
      const path = locate(this.#target, sitePath);
      const stampNow = newFolder === undefined ? readPageStamp(path) : undefined;
      const knownPage = known.get(sitePath);
      if (stampNow !== undefined && knownPage?.[0] === stampNow && knownPage[1] === page.inputs) {
        into.published.set(sitePath, knownPage);
        into.unchanged++;
        continue;
      }
      const bytes = Buffer.from(await page.render());
      if (stampNow !== undefined && readFileSync(path).equals(bytes)) {
        into.published.set(sitePath, [stampNow, page.inputs]);
        into.unchanged++;
        continue;
      }
      const file = join(home, this.name, page.path);
      this.#makeFolders(dirname(file));
      into.published.set(sitePath, [writeNewFile(file, bytes), page.inputs]);
      addWritten(into, file);
      if (newFolder === undefined) into.moves.push({ from: file, to: sitePath });
      else if (!movedFolders.has(newFolder)) {
        movedFolders.add(newFolder);
        into.moves.push({ from: join(home, this.name, newFolder), to: fromRoot(repository, newFolder) });
      }
    }
  }

  /** Remove the hidden folders, with what was given up in them. */
  close(repositories: Iterable<string>): void {
    for (const repository of repositories) {
      const folder = this.#target.folderOf(repository);
      for (const name of readdirSync(folder)) if (name.startsWith(this.name)) removeFolder(join(folder, name));
    }
    this.#folders.clear();
  }

  #makeFolders(folder: string): void {
    if (this.#folders.has(folder)) return;
    if (!folder.endsWith(this.name)) this.#makeFolders(dirname(folder));
    makeFolder(folder);
    this.#folders.add(folder);
  }
}

/** The first folder below `simple`, `pypi` or `project` that is not there yet, as path from the repository's folder. */
function topmostNewFolder(home: string, path: string, exists: (folder: string) => boolean): string | undefined {
  const parts = path.split('/');
  for (let depth = 2; depth < parts.length; depth++) {
    const folder = parts.slice(0, depth).join('/');
    if (!exists(join(home, folder))) return folder;
  }
  return undefined;
}

function rememberExisting(): (folder: string) => boolean {
  const known = new Map<string, boolean>();
  return (folder) => {
    let answer = known.get(folder);
    if (answer === undefined) {
      answer = existsSync(folder);
      known.set(folder, answer);
    }
    return answer;
  };
}
