import { basename } from 'node:path';
import type { FileRecord } from '../publish/manifest.ts';
import { type Origins, originKey } from './origins.ts';

/** Whether a file is not known to come from another index: a held one that could not be read is nobody else's either. */
export function isOwnFile({ path, facts }: Pick<FileRecord, 'path' | 'facts'>, origins: Origins): boolean {
  return facts === undefined || !origins.has(originKey({ filename: basename(path), sha256: facts.sha256 }));
}
