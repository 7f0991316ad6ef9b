import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { FileFacts } from '../inspect/file-facts.ts';
import type { PageStamp } from '../io/page-stamp.ts';
import { writeFileAtomic } from '../io/write-file-atomic.ts';
import type { Doubt, Problem } from '../problems.ts';
import type { NormalizedName } from '../standards/name.ts';
import { RecordStore } from './record-store.ts';

/** Raised whenever what is kept below changes its meaning: an older manifest is then as good as none. */
const FORMAT = 5;

/** The header starts with it. */
const GENERATION_WITHIN_BYTES = 256;

/** Written at once, in characters. */
const PIECE_LENGTH = 64 * 1024;

/** The folder, in the published site's root, that kho may lose any time: it costs only the time of one full build. */
const STATE_FOLDER = '.kho';

export function stateFolder(root: string): string {
  return join(root, STATE_FOLDER);
}

/** What kho knows of what it published: per project, so that a change costs what it touches. */
export interface Manifest {
  /** Tells one publish from the next. */
  generation: string;
  /** Whether the published site holds copies of the packages (--out), or stands beside them. */
  copies: boolean;
  /** All settings that pages depend on, as text; when it differs, every project is looked at again. */
  settings: string;
  /** By normalized name, sorted when written. */
  projects: RecordStore;
  /** Projects of files whose names let one guess another one, by path from the site's root. */
  strays: { [path: string]: NormalizedName };
  /** By repository: how many packages its own folder held, and the number of the device it was on. */
  disks: { [repository: string]: { device: number; files: number } };
  /** Lists of all projects, checksums, front pages: by path from the site's root. */
  roots: Published;
}

/** One project in all repositories of the site. */
export interface ProjectRecord {
  files: FileRecord[];
  /** Name conflicts and the like: faults of no single file. */
  problems: Problem[];
  notes: Problem[];
  /** What each repository that lists it shows in its list of projects. */
  shown: { [repository: string]: ShownProject };
  /** Pages, FILE.metadata, and copied packages, by path from the site's root. */
  published: Published;
}

export interface ShownProject {
  displayName: string;
  latest?: string;
  /** Left out of the list of projects (quarantined). */
  unlisted?: true;
  /** Listed files, as places in `ProjectRecord.files`. */
  files: number[];
}

/** By path from the site's root. */
export type Published = Map<string, PublishedPage>;

/** What is there, and what its content was made from (`Page.inputs`). */
export type PublishedPage = [stamp: PageStamp, inputs: string];

export interface FileRecord {
  repository: string;
  path: string;
  /** All that the scan saw of it (`fileState`); when it is the same, nothing is read again. */
  state: string;
  facts?: FileFacts;
  /** Why it is held: with `facts` by what they say, and judged anew whenever settings change; without, since there are none. */
  problem?: Problem;
  /** What its repository has to know of it while it is listed: judged anew as `problem` is. */
  doubts?: Doubt[];
  /** While it is held: the hash it was published with before. */
  lastSha256?: string;
  /** Faults of its side-files, which do not keep it from being listed. */
  sideProblems?: Problem[];
  /** Milliseconds since 1970, whole. */
  uploadedMs?: number;
  yanked?: string;
  signed?: true;
  /** FILE.metadata is there, with the right bytes. */
  metadataPublished?: true;
  provenance?: true;
}

export function emptyManifest(): Manifest {
  return {
    generation: '',
    copies: false,
    settings: '',
    strays: {},
    disks: {},
    projects: new RecordStore(),
    roots: new Map(),
  };
}

function manifestPath(root: string): string {
  return join(stateFolder(root), 'manifest');
}

/** Undefined when there is none, or none that this kho understands. */
export function readManifest(root: string): Manifest | undefined {
  try {
    const [first, ...lines] = readFileSync(manifestPath(root), 'utf8').split('\n');
    lines.pop(); // the end of the last line
    const header = JSON.parse(first as string);
    if (header.format !== FORMAT || lines.length !== header.projects) return undefined;
    return {
      generation: header.generation,
      copies: header.copies,
      settings: header.settings,
      strays: header.strays,
      disks: header.disks,
      roots: new Map(header.roots),
      projects: new RecordStore(lines.map(splitLine)),
    };
  } catch {
    return undefined;
  }
}

function splitLine(line: string): [name: string, record: string] {
  const space = line.indexOf(' ');
  return [line.slice(0, space), line.slice(space + 1)];
}

/** One line for the site and one for each project. @throws {KhoError} WRITE */
export function writeManifest(root: string, manifest: Manifest): void {
  writeFileAtomic(manifestPath(root), manifestText(manifest));
}

/** In pieces: all of it at once would be the most memory that a run takes. */
function* manifestText({ generation, copies, settings, strays, disks, ...manifest }: Manifest): Generator<string> {
  const names = [...manifest.projects.names()].sort();
  const roots = [...manifest.roots].sort(([a], [b]) => (a < b ? -1 : 1));
  const header = { format: FORMAT, generation, copies, projects: names.length, settings, strays, disks, roots };
  let piece = `${JSON.stringify(header)}\n`;
  for (const name of names) {
    piece += `${name} ${manifest.projects.line(name)}\n`;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** The generation alone, read without the rest: has another run published meanwhile? Empty when there is no manifest. */
export function readGeneration(root: string): string {
  const head = Buffer.alloc(GENERATION_WITHIN_BYTES);
  try {
    const descriptor = openSync(manifestPath(root), 'r');
    try {
      const length = readSync(descriptor, head, 0, head.length, 0);
      return /"generation":"([^"]*)"/.exec(head.toString('latin1', 0, length))?.[1] ?? '';
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}
