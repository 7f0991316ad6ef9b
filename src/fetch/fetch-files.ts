import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { removeFile, rename } from '../io/disk.ts';
import { look } from '../io/open-file.ts';
import { closeFolders } from '../io/reach.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { Lanes } from '../jobs/lanes.ts';
import { type Origin, readOrigins, rememberOrigin, tidyOrigins } from '../names/origins.ts';
import { lockSite } from '../publish/lock.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { checkFetched, refuseByName, wasRemovedFrom } from './check-fetched.ts';
import { downloadFile, hasSameBytes } from './download-file.ts';
import { filenameFault } from './filename-fault.ts';
import type { HttpClient } from './http-client.ts';
import { olderWheels } from './members/older-wheels.ts';
import { openPartsFolder } from './parts-folder.ts';
import { placeFetched } from './place-fetched.ts';
import { packagesOf, type ToFetch } from './plan-fetch.ts';

/** At once: enough to fill a line, and few enough that no server minds. */
const DOWNLOADS = 4;

export interface Fetched {
  done: ToFetch[];
  /** What could not be brought, and why: one line, no full stop. */
  failed: { filename: string; why: string }[];
  /** What else is to be told: one line each, no full stop. */
  notes: string[];
  /** Of the new files, what older wheels here had too, and so did not come over the line: in bytes. */
  reused: number;
}

export interface FetchProgress {
  /** In bytes. */
  done: number;
  total: number;
}

export interface FetchOptions {
  /** The address of the index, without name and password. */
  from: string;
  onProgress: (progress: FetchProgress) => void;
  /** Called under the lock, before a file gets its name. @param sha256 of its bytes, hexadecimal */
  onPlacing?: (one: ToFetch, sha256: string) => void;
}

/** Bring them all; one that cannot be brought does not keep the others. The lock is taken for as long as one is placed. @throws {KhoError} WRITE; SITE, READ where their origins cannot be kept */
export async function fetchFiles(
  files: readonly ToFetch[],
  config: SiteConfig,
  client: HttpClient,
  { from, onProgress, onPlacing }: FetchOptions,
): Promise<Fetched> {
  const fetched: Fetched = { done: [], failed: [], notes: [], reused: 0 };
  const waiting = [...files];
  const packagesFolders = config.repositories.flatMap(({ packages = [] }) => packages);
  closeFolders();
  inPlaceTarget(config);
  readOrigins(config.root); // what cannot be kept is better known before anything is brought
  const parts = openPartsFolder(config.root);
  let isTidy = false;
  const placing = new Lanes(1); // the lock would let them wait for each other, and ask now and then
  const progress = { done: 0, total: files.reduce((sum, { file }) => sum + (file.size ?? 0), 0) };
  const worker = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      try {
        const onBytes = (bytes: number) => {
          progress.done += bytes;
          onProgress({ done: progress.done, total: Math.max(progress.total, progress.done) });
        };
        checkName(one.file.filename);
        refuseByName(one, config);
        const lacking = await foldersLacking(one, config);
        if (lacking.length > 0) {
          const source = await downloadFile(one.file, parts.path, client, onBytes, {
            older: () => olderWheels(one.file.filename, packagesFolders),
            onAssembled: (crossed) => {
              fetched.reused += Math.max(0, (one.file.size ?? 0) - crossed);
            },
          });
          const { taking, held } = await checkFetched(source, one, lacking, config).catch((error) => {
            removeFile(source.path); // nothing to go on with
            throw error;
          });
          for (const { repository, how, why } of held)
            fetched.failed.push({
              filename: one.file.filename,
              why: `not put into "${repository}", which ${how}: it ${why}`,
            });
          await placing.run(async () => {
            const unlock = await lockSite(config.root);
            try {
              const path = join(parts.path, temporaryName()); // no run goes on with what is whole: should this one die, it is swept
              rename(source.path, path);
              checkStill(one, source.sha256, taking, config, path);
              if (!isTidy) fetched.notes.push(...tidyOrigins(config.root, (filename) => isThere(filename, config)));
              isTidy = true;
              rememberOrigin(config.root, originOf(one, source.sha256, from));
              onPlacing?.(one, source.sha256);
              await placeFetched({ ...source, path }, one.file.filename, taking);
            } finally {
              unlock();
            }
          });
        }
        fetched.done.push(withSizeOnDisk(one, config));
      } catch (error) {
        if (!(error instanceof KhoError)) throw error;
        fetched.failed.push({ filename: one.file.filename, why: error.message });
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: DOWNLOADS }, worker));
  } finally {
    parts.close();
  }
  fetched.done.sort((a, b) => (a.file.filename < b.file.filename ? -1 : 1));
  fetched.failed.sort((a, b) => (a.filename < b.filename ? -1 : 1));
  return fetched;
}

/** Somebody may have removed other bytes of that name since they were compared. The lock must be held. @throws {KhoError} WRITE */
function checkStill(
  { file: { filename }, into }: ToFetch,
  sha256: string,
  taking: readonly string[],
  config: SiteConfig,
  path: string,
): void {
  const takers = into.filter((name) => taking.includes(packagesOf(name, config)));
  const name = takers.find((each) => wasRemovedFrom(config, each, { filename, sha256 }));
  if (name === undefined) return;
  removeFile(path);
  throw new KhoError(
    'WRITE',
    `Cannot put "${filename}" into "${name}": other bytes were removed there meanwhile, under this name`,
  );
}

function originOf({ file: { filename, uploaded }, project }: ToFetch, sha256: string, index: string): Origin {
  const fetched = new Date().toISOString();
  return { filename, sha256, project, index, fetched, ...(uploaded !== undefined && { uploaded }) };
}

function isThere(filename: string, { repositories }: SiteConfig): boolean {
  return repositories.some(({ packages }) => packages !== undefined && look(join(packages, filename)) !== undefined);
}

function withSizeOnDisk(one: ToFetch, config: SiteConfig): ToFetch {
  const stats = look(join(packagesOf(one.into[0] as string, config), one.file.filename));
  return stats ? { ...one, file: { ...one.file, size: stats.size } } : one;
}

/** Sizes that the index did not tell, asked of the files' servers: nothing is brought. */
export async function withSizes(files: readonly ToFetch[], client: HttpClient): Promise<ToFetch[]> {
  const sized: ToFetch[] = [];
  for (const one of files) {
    const size = one.file.size ?? (await client.sizeOf(one.file.url));
    sized.push(size === undefined ? one : { ...one, file: { ...one.file, size } });
  }
  return sized;
}

/** @throws {KhoError} UPSTREAM */
function checkName(filename: string): void {
  const fault = filenameFault(filename);
  if (fault === undefined) return;
  const shortName = JSON.stringify(filename.length > 80 ? `${filename.slice(0, 80)}…` : filename);
  throw new KhoError('UPSTREAM', `Cannot fetch ${shortName}: ${fault}`);
}

/** Where it is to go, absolute. Another run may have brought it since this one planned. @throws {KhoError} WRITE */
async function foldersLacking({ file, into, isHeld }: ToFetch, config: SiteConfig): Promise<string[]> {
  const folders = into.map((name) => packagesOf(name, config));
  const lacking: string[] = [];
  for (const folder of folders) {
    const path = join(folder, file.filename);
    if (look(path) === undefined) lacking.push(folder);
    else if (folders.length === 1 && (isHeld || !(await hasSameBytes(path, file)))) {
      throw new KhoError(
        'WRITE',
        `Cannot put "${path}" there: another file has this name, and is held or has other bytes`,
      );
    }
  }
  return lacking;
}
