/** What a follower may ask of a site, read and checked as it would. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { type Catalogue, cataloguePath, readCatalogue } from '../../src/sync-format/catalogue.ts';
import { readHead, type SyncHead } from '../../src/sync-format/head.ts';
import type { TestSite } from './site.ts';

export const sha256Of = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export interface Followed extends Catalogue {
  head: SyncHead;
  /** Of the head. */
  sha256: string;
  text: string;
}

/**
 * The head, and its catalogue, which has to be whole, and whose files have to be there as it says.
 *
 * @returns undefined where there is no head
 */
export function follow(site: TestSite, repository: string): Followed | undefined {
  const folder = join(site.root, repository);
  if (!existsSync(join(folder, 'sync/head.json'))) return undefined;
  const head = readHead(site.read(`${repository}/sync/head.json`));
  const path = cataloguePath(head.catalogue.sha256);
  const bytes = readFileSync(join(folder, path));
  const packed = brotliDecompressSync(readFileSync(join(folder, `${path}.br`)));
  if (!packed.equals(bytes)) throw new Error('the packed catalogue is another one');
  if (sha256Of(bytes) !== head.catalogue.sha256 || bytes.length !== head.catalogue.size)
    throw new Error(`${path} is damaged`);
  return {
    head,
    sha256: sha256Of(site.read(`${repository}/sync/head.json`)),
    text: bytes.toString(),
    ...readCatalogue(bytes.toString()),
  };
}

/** Every file that the catalogue names is there, and is what it says. */
export function hasAllFiles(site: TestSite, repository: string, { files }: Followed): boolean {
  return files.every(({ path, sha256, repository: other = repository, metadata, sides = [] }) => {
    const full = join(site.root, other, 'packages', path);
    const all = [
      { path: full, sha256 },
      ...(metadata ? [{ path: `${full}.metadata`, sha256: metadata.sha256 }] : []),
      ...sides.map((side) => ({ path: `${full}${side.suffix}`, sha256: side.sha256 })),
    ];
    return all.every((file) => existsSync(file.path) && sha256Of(readFileSync(file.path)) === file.sha256);
  });
}

/** Names in `REPO/sync/`, sorted. */
export function syncFiles(site: TestSite, repository: string): string[] {
  const folder = join(site.root, repository, 'sync');
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
