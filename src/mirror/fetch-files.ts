import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { copyPackage, rename } from '../io/disk.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { downloadFile, hasSameBytes } from './download-file.ts';
import type { HttpClient } from './http-client.ts';
import { packagesOf, type ToFetch } from './plan-fetch.ts';

/** At once: enough to fill a line, and few enough that no server minds. */
const DOWNLOADS = 4;

export interface Fetched {
  done: ToFetch[];
  /** What could not be brought, and why: one line, no full stop. */
  failed: { filename: string; why: string }[];
}

export interface FetchProgress {
  /** In bytes. */
  done: number;
  total: number;
}

/** Bring them all; one that cannot be brought does not keep the others. */
export async function fetchFiles(
  files: readonly ToFetch[],
  config: SiteConfig,
  client: HttpClient,
  onProgress: (progress: FetchProgress) => void,
): Promise<Fetched> {
  const fetched: Fetched = { done: [], failed: [] };
  const waiting = [...files];
  const progress = { done: 0, total: files.reduce((sum, { file }) => sum + (file.size ?? 0), 0) };
  const worker = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      try {
        await bring(one, config, client, (bytes) => {
          progress.done += bytes;
          onProgress({ done: progress.done, total: Math.max(progress.total, progress.done) });
        });
        fetched.done.push(withSizeOnDisk(one, config));
      } catch (error) {
        if (!(error instanceof KhoError)) throw error;
        fetched.failed.push({ filename: one.file.filename, why: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: DOWNLOADS }, worker));
  fetched.done.sort((a, b) => (a.file.filename < b.file.filename ? -1 : 1));
  fetched.failed.sort((a, b) => (a.filename < b.filename ? -1 : 1));
  return fetched;
}

function withSizeOnDisk({ file, into, isHeld }: ToFetch, config: SiteConfig): ToFetch {
  const stats = lstatSync(join(packagesOf(into[0] as string, config), file.filename), { throwIfNoEntry: false });
  return { file: stats ? { ...file, size: stats.size } : file, into, isHeld };
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

/** Once over the line; other repositories get copies. */
async function bring(
  { file, into, isHeld }: ToFetch,
  config: SiteConfig,
  client: HttpClient,
  onBytes: (bytes: number) => void,
) {
  const folders = into.map((name) => packagesOf(name, config));
  const lacking: string[] = [];
  for (const folder of folders) {
    const path = join(folder, file.filename);
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) lacking.push(folder);
    // Another run may have brought it since this one looked.
    else if (folders.length === 1 && (isHeld || !(await hasSameBytes(path, file)))) {
      throw new KhoError(
        'WRITE',
        `Cannot put "${path}" there: another file has this name, and is held or has other bytes`,
      );
    }
  }
  const [first, ...others] = lacking;
  if (first === undefined) return;
  await downloadFile(file, first, client, onBytes);
  for (const folder of others) {
    const temporary = join(folder, temporaryName());
    copyPackage(join(first, file.filename), temporary, { link: false, modifiedMs: Date.now() });
    rename(temporary, join(folder, file.filename));
  }
}
