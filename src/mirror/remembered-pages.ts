/**
 * Pages of other indexes as they came, in `.kho/mirror-pages`, with what tells them from others: the next run asks whether they have changed,
 * and most have not. May be deleted at any time, which costs bytes only.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { PageMemory, RememberedPage } from '../fetch/upstream-source.ts';
import { makeFolder, makePrivateFolder, removeFile } from '../io/disk.ts';
import { keptFields } from '../io/kept-fields.ts';
import { look, namesIn, readFile } from '../io/open-file.ts';
import { putFile } from '../io/write-file-atomic.ts';
import { isStateTrusted, makeStateFolder, stateFolder } from '../publish/state-folder.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';

/** Links in them may hold what lets their reader in. */
const PRIVATE = 0o700;

export interface RememberedPages extends PageMemory {
  /** Forget those that nobody has asked for since this was opened. */
  sweep(): void;
}

/** @param mayWrite not where nothing is to be changed */
export function rememberedPages(root: string, index: URL, mayWrite: boolean): RememberedPages {
  const top = join(stateFolder(root), 'mirror-pages');
  const folder = join(top, hashOf(index.href).slice(0, 16));
  const asked = new Set<string>();
  return {
    get(name) {
      asked.add(name);
      return isStateTrusted(root) ? readPage(join(folder, name)) : undefined;
    },
    put(name, page) {
      if (!mayWrite) return;
      makeStateFolder(root);
      makePrivateFolder(top, PRIVATE, true);
      makeFolder(folder);
      putFile(join(folder, name), bytesOf(page));
    },
    sweep() {
      if (!mayWrite || !look(folder)) return;
      for (const name of namesIn(folder)) if (!asked.has(name)) removeFile(join(folder, name));
    },
  };
}

function bytesOf({ bytes, ...about }: RememberedPage): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ ...about, sha256: hashOf(bytes) })}\n`), gzipSync(bytes)]);
}

/** Undefined for what is not there, or damaged: then it is asked for as if it never came. */
function readPage(path: string): RememberedPage | undefined {
  try {
    const all = readFile(path);
    const end = all.indexOf('\n');
    const { url, contentType, etag, modified, sha256 } = keptFields(all.subarray(0, end).toString('utf8'));
    const bytes = gunzipSync(all.subarray(end + 1), { maxOutputLength: TEXT_LIMITS.indexPageBytes });
    if (typeof url !== 'string' || typeof contentType !== 'string' || hashOf(bytes) !== sha256) return undefined;
    const validators = {
      ...(typeof etag === 'string' && { etag }),
      ...(typeof modified === 'string' && { modified }),
    };
    return { url, contentType, bytes, ...validators };
  } catch {
    return undefined;
  }
}

function hashOf(value: string | Uint8Array): string {
  return hash('sha256', value, 'hex');
}
