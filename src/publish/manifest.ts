import { join } from 'node:path';
import type { FileFacts } from '../inspect/file-facts.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { findKeptLine } from '../io/find-kept-line.ts';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';
import { look, readStart } from '../io/open-file.ts';
import type { PageStamp } from '../io/page-stamp.ts';
import type { Doubt, Problem } from '../problems.ts';
import type { NormalizedName } from '../standards/name.ts';
import { type AddedRecords, addedGeneration, addedMs, forgetAdded, readAdded, startAdded } from './added-records.ts';
import { leadsDown } from './published-path.ts';
import { type RecordFormat, RecordStore } from './record-store.ts';
import { isStateTrusted, stateFolder } from './state-folder.ts';

/** Raised whenever what is kept below changes its meaning: an older manifest is then as good as none. */
const FORMAT = 5;

/** The header starts with it. */
const GENERATION_WITHIN_BYTES = 256;

/** What kho knows of what it published: per project, so that a change costs what it touches. */
export interface Manifest {
  /** Tells one publish from the next; where there are added records, of the last of them. */
  generation: string;
  /** Whether the published site holds copies of the packages (--out), or stands beside them. */
  copies: boolean;
  /** All settings that pages depend on, as text; when it differs, every project is looked at again. */
  settings: string;
  /** By normalized name, sorted when written. */
  projects: RecordStore<ProjectRecord>;
  /** Projects of files whose names let one guess another one, by path from the site's root. */
  strays: { [path: string]: NormalizedName };
  /** By repository: how many packages its own folder held, and the number of the device it was on. */
  disks: { [repository: string]: { device: number; files: number } };
  /** Lists of all projects, checksums, front pages: by path from the site's root. */
  roots: Published;
  /** Records of some projects were damaged, and are lost: what these published may be anywhere. */
  isDamaged?: true;
  /** Of `projects` those that were published since, a few at a time: the lists of all projects do not tell of them yet. */
  added?: AddedRecords;
}

/** One project in all repositories of the site. */
export interface ProjectRecord {
  files: FileRecord[];
  /** Name conflicts and the like: faults of no single file. */
  problems: Problem[];
  notes: Problem[];
  /** What each repository that lists it shows in its list of projects. */
  shown: { [repository: string]: ProjectListEntry };
  /** Pages, FILE.metadata, and copied packages, by path from the site's root. */
  published: Published;
}

export interface ProjectListEntry {
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
  /** The version of the rules it was inspected under; see `index/rules.ts`. */
  rules?: number;
  /** Every member was unpacked, and is what its checksum says. */
  whole?: true;
  /** To unpack it takes longer than kho does by itself. */
  tooLongToUnpack?: true;
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
  /** The published index named it with this hash when kho looked at it first. */
  recalled?: true;
  yanked?: string;
  signed?: true;
  /** FILE.metadata is there, with the right bytes. */
  metadataPublished?: true;
  provenance?: true;
  /** It could not be looked at when its pages were made. */
  unseen?: true;
}

export function emptyManifest(): Manifest {
  return {
    generation: '',
    copies: false,
    settings: '',
    strays: {},
    disks: {},
    projects: new RecordStore(PROJECT_RECORDS),
    roots: new Map(),
  };
}

function manifestPath(root: string): string {
  return join(stateFolder(root), 'manifest');
}

/** Undefined when there is none, none that this kho understands, or none that may be believed. */
export function readManifest(root: string): Manifest | undefined {
  if (!isStateTrusted(root)) return undefined;
  try {
    const { lines, isDamaged } = readKeptLines(manifestPath(root));
    const header = JSON.parse(lines[0] as string);
    const records = lines.slice(1).map(splitLine);
    const roots: Published = new Map(header.roots);
    if (header.format !== FORMAT || ![...roots.keys()].every(leadsDown)) return undefined;
    const projects = new RecordStore(PROJECT_RECORDS, records);
    const added = readAdded(root, header.generation);
    for (const [name, line] of added?.records ?? []) {
      if (line === undefined) projects.delete(name);
      else projects.setLine(name, line);
    }
    return {
      generation: added?.generation ?? header.generation,
      copies: header.copies,
      settings: header.settings,
      strays: header.strays,
      disks: header.disks,
      roots,
      projects,
      ...((isDamaged || records.length !== header.projects || added?.isDamaged) && { isDamaged: true }),
      ...(added && { added: added.records }),
    };
  } catch {
    return undefined;
  }
}

function splitLine(line: string): [name: string, record: string] {
  const space = line.indexOf(' ');
  return [line.slice(0, space), line.slice(space + 1)];
}

/**
 * One line for the site and one for each project.
 *
 * @param manifest its `added` records are those that its lists do not tell of
 * @throws {KhoError} WRITE
 */
export function writeManifest(root: string, manifest: Manifest): void {
  writeKeptLines(manifestPath(root), manifestLines(manifest));
  if (manifest.added?.size) startAdded(root, manifest.generation, manifest.added);
  else forgetAdded(root);
}

function* manifestLines({ generation, copies, settings, strays, disks, projects, ...manifest }: Manifest) {
  const records = [...projects.sorted()];
  const roots = [...manifest.roots].sort(([a], [b]) => (a < b ? -1 : 1));
  yield JSON.stringify({
    format: FORMAT,
    generation,
    copies,
    projects: records.length,
    settings,
    strays,
    disks,
    roots,
  });
  for (const [name, line] of records) yield `${name} ${line}`;
}

export const PROJECT_RECORDS: RecordFormat<ProjectRecord> = {
  parse(line) {
    const record = JSON.parse(line);
    for (const [path] of record.published) if (!leadsDown(path)) return undefined; // no kho wrote that
    return { ...record, published: new Map(record.published) };
  },
  /** JSON has no line breaks of its own. */
  serialize: (record) => JSON.stringify({ ...record, published: [...record.published] }),
};

/** The generation alone, read without the rest: has another run published meanwhile? Empty when there is no manifest. */
export function readGeneration(root: string): string {
  try {
    const head = readStart(manifestPath(root), GENERATION_WITHIN_BYTES).toString('latin1');
    const own = /"generation":"([^"]*)"/.exec(head)?.[1] ?? '';
    return addedGeneration(root, own) ?? own;
  } catch {
    return '';
  }
}

/** When something was published last, milliseconds since 1970; undefined where nothing was beside the packages. */
export function publishedMs(root: string): number | undefined {
  if (readGeneration(root) === '') return undefined;
  return Math.max(look(manifestPath(root))?.mtimeMs ?? 0, addedMs(root));
}

/** What the manifest says of the site, and of one project. */
export interface FoundRecord extends Pick<Manifest, 'generation' | 'copies' | 'settings' | 'disks' | 'roots'> {
  /** Undefined for a project that it does not know. */
  line: string | undefined;
}

/** Finds what is known of a project. */
export type RecordFinder = (name: NormalizedName) => FoundRecord | undefined;

/**
 * Reads one record after another, and little else, however many there are; what was added to the manifest is read once. Undefined as for
 * `readManifest`, and when what was looked at is damaged.
 */
export function recordFinder(root: string): RecordFinder {
  const known = new Map<string, Added>();
  const addedTo = (generation: string): Added => {
    const added = known.has(generation) ? known.get(generation) : readAdded(root, generation);
    known.set(generation, added);
    return added;
  };
  return (name) => findIn(root, name, addedTo);
}

/** As `recordFinder`, for a few projects that are asked for again and again while nothing changes: what was found is kept. */
export function keepingFinder(root: string): RecordFinder {
  const find = recordFinder(root);
  const found = new Map<NormalizedName, FoundRecord | undefined>();
  return (name) => {
    if (!found.has(name)) found.set(name, find(name));
    return found.get(name);
  };
}

type Added = ReturnType<typeof readAdded>;

function findIn(root: string, name: NormalizedName, addedTo: (generation: string) => Added): FoundRecord | undefined {
  if (!isStateTrusted(root)) return undefined;
  try {
    const found = findInManifest(manifestPath(root), name);
    if (!found) return undefined;
    const { header, line } = found;
    const added = addedTo(header.generation);
    if (added?.isDamaged) return undefined;
    return {
      generation: added?.generation ?? header.generation,
      copies: header.copies,
      settings: header.settings,
      disks: header.disks,
      roots: header.roots,
      line: added?.records.has(name) ? added.records.get(name) : line,
    };
  } catch {
    return undefined;
  }
}

type Header = Pick<Manifest, 'generation' | 'copies' | 'settings' | 'disks' | 'roots'>;

/** Lines that were looked for in the manifest that was looked into last, whose stamp is that of no other: it is never changed, but replaced. */
let looked:
  | { path: string; stamp: string; first: string; header: Header; lines: Map<string, string | undefined> }
  | undefined;

/** So many of them are kept. */
const MOST_LINES = 1000;

/** @returns undefined for one of another format, or what is damaged @throws an error of Node */
function findInManifest(path: string, name: string): { header: Header; line: string | undefined } | undefined {
  const stats = look(path);
  const stamp = stats ? JSON.stringify(fileStamp(stats)) : '';
  if (looked?.path !== path || looked.stamp !== stamp || looked.lines.size >= MOST_LINES) looked = undefined;
  if (looked?.lines.has(name)) return { header: looked.header, line: looked.lines.get(name) };
  const found = findKeptLine(path, name);
  if (!found) return undefined;
  const line = found.line && splitLine(found.line)[1];
  if (looked?.first !== found.first) {
    const { format, generation, copies, settings, disks, roots } = JSON.parse(found.first);
    if (format !== FORMAT) return undefined;
    const header = { generation, copies, settings, disks, roots: new Map(roots) as Published };
    looked = { path, stamp, first: found.first, header, lines: new Map() };
  }
  looked.lines.set(name, line);
  return { header: looked.header, line };
}
