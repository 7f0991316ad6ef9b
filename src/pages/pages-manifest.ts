import { join } from 'node:path';
import { removeFile } from '../io/disk.ts';
import { look, readText } from '../io/open-file.ts';
import { writeFileAtomic } from '../io/write-file-atomic.ts';
import { type Published, stateFolder } from '../publish/manifest.ts';
import type { ProjectCard } from '../render/web/model.ts';

/** Raised whenever what is kept below changes its meaning: an older one is then as good as none. */
const FORMAT = 4;

/** What kho knows of the pages for people: apart from the manifest, so that what pip needs waits for none of it. */
export interface PagesHeader {
  /** Of the manifest that the pages were made from. */
  generation: string;
  /** Tells one publish of pages from the next. */
  run: string;
  /** All settings, and versions of kho, that every page depends on; when it differs, all are made anew. */
  settings: string;
  /** Stands for the held files of the site. */
  held: string;
  /** Projects that some of them belong to. */
  heldNames: string[];
  /** Front pages that somebody else wrote, by path from the site's root: when one goes, kho's own takes its place. */
  foreign: string[];
  /** Lists, feeds, style and script, by path from the site's root. */
  roots: Published;
  /** How many pages of projects there are. */
  pages: number;
}

/** One project's pages in all repositories. */
export interface PagesRecord {
  /** Stands for the project's line in the manifest. */
  source: string;
  /** By repository. */
  cards: Record<string, ProjectCard>;
  /** By path from the site's root. */
  published: Published;
  /** By repository the fingerprint of the description that its page shows. */
  readmes: Readonly<Record<string, string>>;
}

type Line = readonly [cards: string, readmes: string, rest: string];

/** Records as text: cards and fingerprints of descriptions are asked for in each run that has work, the rest only of projects that changed. */
export class PagesStore {
  /** How many pages the records that were put in hold. */
  pages = 0;
  readonly #lines: Map<string, Line>;

  constructor(lines: Iterable<readonly [string, Line]> = []) {
    this.#lines = new Map(lines);
  }

  names(): IterableIterator<string> {
    return this.#lines.keys();
  }

  cards(name: string): Record<string, ProjectCard> {
    const line = this.#lines.get(name);
    return line ? JSON.parse(line[0]) : {};
  }

  get(name: string): PagesRecord | undefined {
    const line = this.#lines.get(name);
    if (!line) return undefined;
    const { source, published } = JSON.parse(line[2]);
    return { source, cards: JSON.parse(line[0]), readmes: JSON.parse(line[1]), published: new Map(published) };
  }

  set(name: string, { source, cards, published, readmes }: PagesRecord): void {
    const rest = JSON.stringify({ pages: published.size, source, published: [...published] });
    this.#lines.set(name, [JSON.stringify(cards), JSON.stringify(readmes), rest]);
    this.pages += published.size;
  }

  /** Fingerprints of the descriptions that pages show, of all records. */
  readmes(): Set<string> {
    return new Set([...this.#lines.values()].flatMap(([, readmes]) => Object.values<string>(JSON.parse(readmes))));
  }

  /** Take over a record as it is. */
  copyFrom(other: PagesStore, name: string): void {
    const line = other.#lines.get(name);
    if (!line) return;
    this.#lines.set(name, line);
    this.pages += Number(/^\{"pages":(\d+)/.exec(line[2])?.[1] ?? 0);
  }

  text(run: string): string {
    const names = [...this.#lines.keys()].sort();
    return `${run}\n${names.map((name) => `${name}\t${this.#lines.get(name)?.join('\t')}\n`).join('')}`;
  }
}

const headerPath = (root: string) => join(stateFolder(root), 'pages');
const storePath = (root: string) => join(stateFolder(root), 'pages-projects');
const journalPath = (root: string) => join(stateFolder(root), 'pages-journal');

/** Undefined when there is none, or none that this kho understands. */
export function readPagesHeader(root: string): PagesHeader | undefined {
  try {
    const { format, roots, ...header } = JSON.parse(readText(headerPath(root)));
    return format === FORMAT ? { ...header, roots: new Map(roots) } : undefined;
  } catch {
    return undefined;
  }
}

/** The records that belong to a header; undefined when they are lost, or of another run. */
export function readPagesStore(root: string, { run }: PagesHeader): PagesStore | undefined {
  try {
    const [first, ...lines] = readText(storePath(root)).split('\n');
    if (first !== run) return undefined;
    lines.pop(); // the end of the last line
    return new PagesStore(
      lines.map((line) => {
        const [name = '', cards = '', readmes = '', rest = ''] = line.split('\t'); // JSON has no tabs of its own
        return [name, [cards, readmes, rest]];
      }),
    );
  } catch {
    return undefined;
  }
}

/** The header comes last: without it, or with another run's, the records count for nothing. @throws {KhoError} WRITE */
export function writePages(root: string, { roots, ...header }: PagesHeader, store: PagesStore): void {
  writeFileAtomic(storePath(root), store.text(header.run));
  writeFileAtomic(headerPath(root), `${JSON.stringify({ format: FORMAT, ...header, roots: [...roots] })}\n`);
}

/** Whether a run has published pages, or begun to. */
export function hasPages(root: string): boolean {
  return [headerPath(root), storePath(root), journalPath(root)].some((path) => look(path) !== undefined);
}

export function forgetPages(root: string): void {
  for (const path of [headerPath(root), storePath(root), journalPath(root)]) removeFile(path);
}

/** The projects whose pages are about to change: a run that finds it looks through their folders. */
export function writePagesJournal(root: string, names: readonly string[]): void {
  writeFileAtomic(journalPath(root), names.map((name) => `${name}\n`).join(''));
}

/** Undefined when the last run came to its end. */
export function readPagesJournal(root: string): Set<string> | undefined {
  try {
    return new Set(readText(journalPath(root)).split('\n').filter(Boolean));
  } catch {
    return undefined;
  }
}

export function removePagesJournal(root: string): void {
  removeFile(journalPath(root));
}
