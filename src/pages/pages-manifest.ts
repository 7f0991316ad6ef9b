import { join } from 'node:path';
import { removeFile } from '../io/disk.ts';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';
import { look } from '../io/open-file.ts';
import { Journal } from '../publish/journal.ts';
import type { Published } from '../publish/manifest.ts';
import { leadsDown } from '../publish/published-path.ts';
import { type RecordFormat, RecordStore } from '../publish/record-store.ts';
import { isStateTrusted, stateFolder } from '../publish/state-folder.ts';
import type { ProjectCard } from '../render/web/model.ts';
import type { KeptParts } from './repository-cards.ts';

/** Raised whenever what is kept below changes its meaning: an older one is then as good as none. */
const FORMAT = 6;

/** What kho knows of the pages for people: apart from the manifest, so that what pip needs waits for none of it. */
export interface PagesHeader {
  /** Of the manifest that the pages were made from. */
  generation: string;
  /** Tells one publish of pages from the next. */
  run: string;
  /** All settings, and versions of kho, that every page depends on; when it differs, all are made anew. */
  settings: string;
  /** Names of the repositories that are private in them. */
  privates: string[];
  /** Stands for the held files of the site. */
  held: string;
  /** Projects that some of them belong to. */
  heldNames: string[];
  /** Stands for what was known of projects; absent where an older kho wrote this. */
  advisories?: string;
  /** Projects of which pages tell something of that. */
  holeNames?: string[];
  /** Stands for what pages tell of where things came from; by project. */
  origins?: string;
  originPrints?: Record<string, string>;
  /** When it was judged what other indexes have, in milliseconds since 1970; absent where nothing is. */
  judgedMs?: number;
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

/** A line has the number of pages, cards, fingerprints of descriptions, and the rest; JSON has no tabs of its own. */
const PAGES_RECORDS: RecordFormat<PagesRecord> = {
  parse(line) {
    const [, cards = '', readmes = '', rest = ''] = line.split('\t');
    const { source, published } = JSON.parse(rest);
    for (const [path] of published) if (!leadsDown(path)) return undefined; // no kho wrote that
    return { source, cards: JSON.parse(cards), readmes: JSON.parse(readmes), published: new Map(published) };
  },
  serialize({ source, cards, published, readmes }) {
    const columns = [cards, readmes, { source, published: [...published] }].map((column) => JSON.stringify(column));
    return [published.size, ...columns].join('\t');
  },
};

/** Cards are asked for where something changed beside them, fingerprints of descriptions in each run that has work, the rest only of projects that changed. */
export class PagesStore extends RecordStore<PagesRecord> {
  /** By repository: what lists need of all cards. */
  readonly parts: Readonly<Record<string, KeptParts>>;

  constructor(
    lines: Iterable<readonly [name: string, line: string]> = [],
    parts: Readonly<Record<string, KeptParts>> = {},
  ) {
    super(PAGES_RECORDS, lines);
    this.parts = parts;
  }

  cards(name: string): Record<string, ProjectCard> {
    const line = this.line(name);
    return line === undefined ? {} : JSON.parse(line.split('\t', 2)[1] as string);
  }

  /** Pages of one, without the rest. */
  published(name: string): Published {
    const [, , , rest] = this.line(name)?.split('\t') ?? [];
    const published: Published = new Map(rest === undefined ? [] : JSON.parse(rest).published);
    return [...published.keys()].every(leadsDown) ? published : new Map();
  }

  /** Fingerprints of the descriptions that pages show, of all records. */
  readmes(): Set<string> {
    const ofLine = (line = '') => Object.values<string>(JSON.parse(line.split('\t', 3)[2] as string));
    return new Set([...this.names()].flatMap((name) => ofLine(this.line(name))));
  }

  /** How many pages all records hold. */
  countPages(): number {
    let count = 0;
    for (const name of this.names()) count += Number.parseInt(this.line(name) as string, 10);
    return count;
  }
}

const headerPath = (root: string) => join(stateFolder(root), 'pages');
const storePath = (root: string) => join(stateFolder(root), 'pages-projects');

export function pagesJournal(root: string): Journal {
  return new Journal(root, 'pages-journal');
}

/** Undefined when there is none, none that this kho understands, or none that may be believed. */
export function readPagesHeader(root: string): PagesHeader | undefined {
  if (!isStateTrusted(root)) return undefined;
  try {
    const { lines } = readKeptLines(headerPath(root));
    const { format, roots, ...header } = JSON.parse(lines[0] as string);
    if (format !== FORMAT || !roots.every(([path]: [unknown]) => leadsDown(path))) return undefined;
    return { ...header, roots: new Map(roots) };
  } catch {
    return undefined;
  }
}

/** The records that belong to a header; undefined when they are damaged, lost, or of another run. */
export function readPagesStore(root: string, { run }: PagesHeader): PagesStore | undefined {
  try {
    const { lines, isDamaged } = readKeptLines(storePath(root));
    const [first, parts = '', ...records] = lines;
    if (isDamaged || first !== run) return undefined;
    const store = new PagesStore(
      records.map((line) => {
        const tab = line.indexOf('\t');
        return [line.slice(0, tab), line.slice(tab + 1)];
      }),
      JSON.parse(parts),
    );
    return hasAllOfParts(store) ? store : undefined;
  } catch {
    return undefined;
  }
}

/** Whether there is a record for each name in what lists are made of. @throws where that has another form: no kho wrote it */
function hasAllOfParts(store: PagesStore): boolean {
  return Object.values(store.parts).every(({ listed, unlisted }) =>
    [...listed, unlisted].every(({ names }) => names.every((name) => store.has(name))),
  );
}

/** The header comes last: without it, or with another run's, the records count for nothing. @throws {KhoError} WRITE */
export function writePages(
  root: string,
  { roots, ...header }: PagesHeader,
  store: PagesStore,
  parts: Readonly<Record<string, KeptParts>>,
): void {
  writeKeptLines(storePath(root), storeLines(header.run, store, parts));
  writeKeptLines(headerPath(root), [JSON.stringify({ format: FORMAT, ...header, roots: [...roots] })]);
}

function* storeLines(run: string, store: PagesStore, parts: Readonly<Record<string, KeptParts>>): Generator<string> {
  yield run;
  yield JSON.stringify(parts);
  for (const [name, line] of store.sorted()) yield `${name}\t${line}`;
}

/** Whether a run has published pages, or begun to. */
export function hasPages(root: string): boolean {
  return [headerPath(root), storePath(root)].some((path) => look(path)) || pagesJournal(root).read() !== undefined;
}

export function forgetPages(root: string): void {
  for (const path of [headerPath(root), storePath(root)]) removeFile(path);
  pagesJournal(root).remove();
}
