/** The folders that the contestants work on: a corpus as a site, on disk and in memory. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { cachedCorpus, fileToAdd } from './make-corpus.ts';
import { BENCH_CACHE, makeFolderOnce } from './tools.ts';

export const FILE_SYSTEMS = ['tmpfs', 'disk'] as const;
export type FileSystem = (typeof FILE_SYSTEMS)[number];

/** Source: statfs(2), TMPFS_MAGIC. */
const TMPFS_MAGIC = 0x01021994;
const MEMORY_FOLDER = '/dev/shm';
/** What a contestant writes, and room to breathe; in times of the corpus. */
const SPACE_FACTOR = 3;

export interface Site {
  fileSystem: FileSystem;
  files: number;
  /** Of the packages together, in bytes. */
  bytes: number;
  /** The site's root; the packages are in `packages/` of it. */
  folder: string;
  /** A folder with nothing but the wheels, as hard links: for the peer that knows no sdists. */
  wheels: string;
  /** A folder for what is no part of a site, such as package lists; on the same file system. */
  scratch: string;
  /** Where what was taken away waits for its end, see `takeAway`. */
  discarded: string;
}

/** @returns what is missing on this machine, as a sentence; undefined when nothing is. */
export function whyNot(fileSystem: FileSystem, files: number): string | undefined {
  if (fileSystem === 'disk') {
    mkdirSync(BENCH_CACHE, { recursive: true });
    return isTmpfs(BENCH_CACHE) ? 'the cache folder is no disk but a tmpfs' : undefined;
  }
  if (memoryFolder() === undefined) return 'there is no tmpfs';
  const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
  const needed = folderSize(cachedCorpus(files)) * SPACE_FACTOR;
  return bavail * bsize < needed ? `the tmpfs has less than ${Math.ceil(needed / 1e9)} GB left` : undefined;
}

/** The cached corpus itself is the site on disk; in memory it is a copy. Call `removeSite` at the end. */
export function openSite(fileSystem: FileSystem, files: number): Site {
  const corpus = cachedCorpus(files);
  const base = fileSystem === 'disk' ? corpus : join(MEMORY_FOLDER, `kho-bench-${basename(corpus)}`);
  if (base !== corpus) {
    makeFolderOnce(base, (unfinished) => execFileSync('cp', ['-a', `${corpus}/.`, unfinished]));
  }
  const site = {
    fileSystem,
    files,
    bytes: folderSize(join(corpus, 'packages')),
    folder: base,
    wheels: `${base}.wheels`,
    scratch: `${base}.scratch`,
    discarded: `${base}.discarded`,
  };
  mkdirSync(site.discarded, { recursive: true });
  cleanSite(site);
  rmSync(join(site.folder, 'packages', fileToAdd(files).filename), { force: true });
  rmSync(site.wheels, { recursive: true, force: true });
  mkdirSync(site.wheels);
  for (const name of readdirSync(join(base, 'packages'))) {
    if (name.endsWith('.whl')) linkSync(join(base, 'packages', name), join(site.wheels, name));
  }
  rmSync(site.scratch, { recursive: true, force: true });
  mkdirSync(site.scratch);
  warmUp(site);
  return site;
}

/** The packages into the page cache: all contestants read them from there. */
function warmUp(site: Site): void {
  for (const name of readdirSync(join(site.folder, 'packages'))) readFileSync(join(site.folder, 'packages', name));
}

/** @returns what is still to be deleted, once no disk is measured any more. */
export function removeSite(site: Site): string {
  cleanSite(site);
  for (const folder of [site.wheels, site.scratch]) rmSync(folder, { recursive: true, force: true });
  if (site.fileSystem === 'tmpfs') rmSync(site.folder, { recursive: true, force: true });
  return site.discarded;
}

/** Take away everything that a contestant has made, and let the disk finish: nobody pays for the one before. */
export function cleanSite(site: Site): void {
  const packages = join(site.folder, 'packages');
  const made = readdirSync(site.folder).filter((name) => name !== 'packages');
  const metadata = readdirSync(packages).filter((name) => name.endsWith('.metadata'));
  takeAway(site, [...made.map((name) => join(site.folder, name)), ...metadata.map((name) => join(packages, name))]);
}

export function cleanWheels(site: Site): void {
  const made = readdirSync(site.wheels).filter((name) => !name.endsWith('.whl'));
  takeAway(
    site,
    made.map((name) => join(site.wheels, name)),
  );
}

/**
 * On disk nothing is deleted between the runs, only moved aside: ext4 does not use an inode again for a minute or more
 * after its file was deleted, and finds its way past thousands of such inodes with up to a millisecond of CPU time a
 * file. The next contestant would pay that.
 */
function takeAway(site: Site, paths: string[]): void {
  if (site.fileSystem === 'disk' && paths.length > 0) {
    const folder = mkdtempSync(join(site.discarded, 'run-'));
    for (const path of paths) renameSync(path, join(folder, basename(path)));
  } else {
    for (const path of paths) rmSync(path, { recursive: true });
  }
  settle();
}

export function settle(): void {
  execFileSync('sync');
}

export function addFile(site: Site): () => void {
  const { filename, bytes } = fileToAdd(site.files);
  const path = join(site.folder, 'packages', filename);
  writeFileSync(path, bytes);
  return () => rmSync(path);
}

/** Undefined where there is none. */
export function memoryFolder(): string | undefined {
  return existsSync(MEMORY_FOLDER) && isTmpfs(MEMORY_FOLDER) ? MEMORY_FOLDER : undefined;
}

function isTmpfs(folder: string): boolean {
  return statfsSync(folder).type === TMPFS_MAGIC;
}

/** As listed by du, in bytes. */
function folderSize(folder: string): number {
  return Number.parseInt(execFileSync('du', ['-s', '-B1', '--apparent-size', folder], { encoding: 'utf8' }), 10);
}
