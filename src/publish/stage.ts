import { join } from 'node:path';
import { makeFolder, makePrivateFolder, removeFolder, writeNewFile } from '../io/disk.ts';
import { FLUSH_TOGETHER } from '../io/flush.ts';
import { look, namesIn, readFile } from '../io/open-file.ts';
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
  /** Absolute paths of the first of them: a few are flushed each, many by file system. */
  toFlush: string[];
  unchanged: number;
}

export function nothingStaged(): Staged {
  return { published: new Map(), moves: [], written: 0, toFlush: [], unchanged: 0 };
}

export function addWritten(staged: Pick<Staged, 'written' | 'toFlush'>, path: string): void {
  staged.written++;
  if (staged.toFlush.length <= FLUSH_TOGETHER) staged.toFlush.push(path);
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
  /** Whether `simple`, `pypi` and so on are there, absolute. */
  readonly #topsBefore = new Map<string, boolean>();
  /** Folders made that all projects share. */
  readonly #tops = new Set<string>();

  /** @param precompress pages get packed forms beside them, staged and moved right after them */
  constructor(target: Target, name: string = temporaryName(), precompress = false) {
    this.#target = target;
    this.#precompress = precompress;
    this.name = name;
  }

  /** @param publishedBefore what the manifest says is published: a page whose inputs and stamp are still the same is not rendered */
  async stage(repository: string, pages: readonly Page[], publishedBefore: Published, into: Staged): Promise<void> {
    const home = this.#target.folderOf(repository);
    const made = new Set<string>();
    const movedFolders = new Set<string>();
    const exists = this.#rememberExisting(home);
    const files: readonly PageFile[] = this.#precompress ? withPackedForms(pages) : pages;
    for (const page of files) {
      const sitePath = fromRoot(repository, page.path);
      const newFolder = topmostNewFolder(page.path, exists);
      const path = newFolder === undefined ? locate(this.#target, sitePath) : undefined;
      const stampNow = path === undefined ? undefined : readPageStamp(path);
      const knownPage = publishedBefore.get(sitePath);
      if (stampNow !== undefined && knownPage?.[0] === stampNow && knownPage[1] === page.inputs) {
        into.published.set(sitePath, knownPage);
        into.unchanged++;
        continue;
      }
      const content = await page.render();
      if (path !== undefined && stampNow !== undefined && readFile(path).equals(Buffer.from(content))) {
        into.published.set(sitePath, [stampNow, page.inputs]);
        into.unchanged++;
        continue;
      }
      const staged = `${home}/${this.name}`; // not by `join`, here and below: that would be asked for each page
      const file = `${staged}/${page.path}`;
      this.#makeFolders(staged, page.path, made);
      into.published.set(sitePath, [writeNewFile(file, content), page.inputs]);
      addWritten(into, file);
      if (newFolder === undefined) into.moves.push({ from: file, to: sitePath });
      else if (!movedFolders.has(newFolder)) {
        movedFolders.add(newFolder);
        into.moves.push({ from: `${staged}/${newFolder}`, to: fromRoot(repository, newFolder) });
      }
    }
  }

  /** Remove the hidden folders, with what was given up in them. */
  close(repositories: Iterable<string>): void {
    for (const repository of repositories) {
      const folder = this.#target.folderOf(repository);
      for (const name of namesIn(folder)) if (name.startsWith(this.name)) removeFolder(join(folder, name));
    }
    this.#tops.clear();
  }

  /** @param home what the folders asked for are in; what had no top when staging began has nothing */
  #rememberExisting(home: string): (folder: string) => boolean {
    const answers = new Map<string, boolean>();
    return (folder) => {
      const top = folder.slice(0, folder.indexOf('/'));
      return ask(this.#topsBefore, `${home}/${top}`) && ask(answers, `${home}/${folder}`);
    };
  }

  /**
   * Make the folders of a page in the hidden one.
   *
   * @param made those made for this project, from the hidden folder; all threads make the ones at the top
   */
  #makeFolders(staged: string, path: string, made: Set<string>): void {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (made.has(folder)) return;
    const isTop = !folder.includes('/');
    if (!this.#tops.has(staged)) makePrivateFolder(staged);
    this.#tops.add(staged);
    const top = `${staged}/${folder}`;
    if (isTop && this.#tops.has(top)) return;
    makeFolder(top);
    if (isTop) this.#tops.add(top);
    else made.add(folder);
  }
}

function ask(answers: Map<string, boolean>, folder: string): boolean {
  let answer = answers.get(folder);
  if (answer === undefined) {
    answer = look(folder) !== undefined;
    answers.set(folder, answer);
  }
  return answer;
}

/** The first folder below `simple`, `pypi` or `project` that is not there yet, as path from the repository's folder. */
function topmostNewFolder(path: string, exists: (folder: string) => boolean): string | undefined {
  for (let slash = path.indexOf('/', path.indexOf('/') + 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
    const folder = path.slice(0, slash);
    if (!exists(folder)) return folder;
  }
  return undefined;
}
