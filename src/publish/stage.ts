import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { makeFolder, makePrivateFolder, removeFolder, writeNewFile } from '../io/disk.ts';
import { FLUSH_TOGETHER } from '../io/flush.ts';
import { look, namesIn, readFile } from '../io/open-file.ts';
import { type PageStamp, readPageStamp, sizeInStamp } from '../io/page-stamp.ts';
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
  /** Hidden folders that were made. */
  readonly #made = new Set<string>();

  /** @param precompress pages get packed forms beside them, staged and moved right after them */
  constructor(target: Target, name: string = temporaryName(), precompress = false) {
    this.#target = target;
    this.#precompress = precompress;
    this.name = name;
  }

  /** @param publishedBefore what the manifest says is published: a page whose inputs and stamp are still the same is not rendered */
  stage(repository: string, pages: readonly Page[], publishedBefore: Published, into: Staged): Promise<void> {
    return this.stageFiles(repository, this.#precompress ? withPackedForms(pages) : pages, publishedBefore, into);
  }

  /** As `stage`, of what is published in no other form. */
  async stageFiles(
    repository: string,
    files: readonly PageFile[],
    publishedBefore: Published,
    into: Staged,
  ): Promise<void> {
    const home = this.#target.folderOf(repository);
    const newFolders = new Map<string, string>();
    const inFolder = (newFolder: string, path: string): string => {
      let folder = newFolders.get(newFolder);
      if (folder === undefined) {
        folder = nameIn(this.#hiddenIn(home));
        makeFolder(folder);
        newFolders.set(newFolder, folder);
        into.moves.push({ from: folder, to: fromRoot(repository, newFolder) });
      }
      const file = folder + path.slice(newFolder.length);
      const around = file.slice(0, file.lastIndexOf('/'));
      if (around !== folder && !newFolders.has(around)) {
        makeFolder(around);
        newFolders.set(around, around);
      }
      return file;
    };
    const exists = this.#rememberExisting(home);
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
      if (path !== undefined && stampNow !== undefined && hasContent(path, stampNow, content)) {
        into.published.set(sitePath, [stampNow, page.inputs]);
        into.unchanged++;
        continue;
      }
      const file = newFolder === undefined ? nameIn(this.#hiddenIn(home)) : inFolder(newFolder, page.path);
      if (newFolder === undefined) into.moves.push({ from: file, to: sitePath });
      into.published.set(sitePath, [writeNewFile(file, content), page.inputs]);
      addWritten(into, file);
    }
  }

  /** Remove the hidden folders, with what was given up in them. */
  close(repositories: Iterable<string>): void {
    for (const repository of repositories) {
      const folder = this.#target.folderOf(repository);
      for (const name of namesIn(folder)) if (name.startsWith(this.name)) removeFolder(join(folder, name));
    }
    this.#made.clear();
  }

  /** @param home what the folders asked for are in; what had no top when staging began has nothing */
  #rememberExisting(home: string): (folder: string) => boolean {
    const answers = new Map<string, boolean>();
    return (folder) => {
      const top = folder.slice(0, folder.indexOf('/'));
      return ask(this.#topsBefore, `${home}/${top}`) && ask(answers, `${home}/${folder}`);
    };
  }

  /** @param home the folder of a repository @returns the hidden one in it */
  #hiddenIn(home: string): string {
    const staged = `${home}/${this.name}`; // not by `join`: that would be asked for each page
    if (!this.#made.has(staged)) makePrivateFolder(staged);
    this.#made.add(staged);
    return staged;
  }
}

/** Of names in hidden folders, which several threads may share. */
let count = 0;

function nameIn(staged: string): string {
  return `${staged}/${threadId}-${count++}`;
}

/** @param stamp of the file that is there */
function hasContent(path: string, stamp: PageStamp, content: string | Uint8Array): boolean {
  const bytes = Buffer.from(content);
  return sizeInStamp(stamp) === bytes.length && readFile(path).equals(bytes);
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
