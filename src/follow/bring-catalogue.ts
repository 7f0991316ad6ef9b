/** The catalogue that a head names: the one at hand, or what a difference makes of it, or all of it. Its sha256 judges. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { KhoError } from '../errors.ts';
import { makeFolder } from '../io/disk.ts';
import { look, readText } from '../io/open-file.ts';
import { writeFileAtomic } from '../io/write-file-atomic.ts';
import { FormatError } from '../problems.ts';
import { isStateTrusted, stateFolder } from '../publish/state-folder.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { type Catalogue, cataloguePath, readCatalogue } from '../sync-format/catalogue.ts';
import { applyDiff, diffPath } from '../sync-format/catalogue-diff.ts';
import type { SyncHead } from '../sync-format/head.ts';
import { understood } from './ask-head.ts';
import type { Centre } from './centre.ts';
import { getResumed } from './get-resumed.ts';

type Named = SyncHead['catalogue'];

/** Kept for the next time, and may be lost any time. */
const FOLDER = 'catalogues';

/**
 * @param into the repository here
 * @param keeps it is kept for the next time
 * @throws {KhoError} UPSTREAM where the centre has none that the head names
 */
export async function bringCatalogue(
  root: string,
  into: string,
  head: SyncHead,
  centre: Centre,
  keeps: boolean,
): Promise<Catalogue> {
  const atHand = catalogueAtHand(root, into);
  const { catalogue: wanted } = head;
  const text =
    atHand !== undefined && isIt(atHand, wanted)
      ? atHand
      : ((atHand === undefined ? undefined : await byDifference(atHand, wanted, centre)) ??
        (await whole(wanted, centre)));
  const catalogue = understood(() => readCatalogue(text), centre);
  if (keeps && text !== atHand) keepCatalogue(root, into, text);
  return catalogue;
}

/** Undefined where nothing is kept, or nobody knows by whom. */
export function catalogueAtHand(root: string, into: string): string | undefined {
  const path = pathOf(root, into);
  if (look(path)?.isFile() !== true || !isStateTrusted(root)) return undefined;
  return readText(path);
}

export function keepCatalogue(root: string, into: string, text: string): void {
  makeFolder(stateFolder(root));
  makeFolder(join(stateFolder(root), FOLDER));
  writeFileAtomic(pathOf(root, into), text);
}

function pathOf(root: string, into: string): string {
  return join(stateFolder(root), FOLDER, `${into === '.' ? 'site' : into}.jsonl`);
}

/** Undefined where there is none from the one at hand, or it leads to something else. */
async function byDifference(atHand: string, wanted: Named, centre: Centre): Promise<string | undefined> {
  const path = diffPath(hash('sha256', atHand, 'hex'), wanted.sha256);
  const packed = await getResumed(centre.address(path), wanted.size + TEXT_LIMITS.syncHeadBytes, centre.client);
  const diff = packed && unpacked(packed, 2 * wanted.size + TEXT_LIMITS.catalogueLineLength);
  if (diff === undefined) return undefined;
  try {
    return applyDiff(atHand, diff.toString('utf8'), wanted);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

async function whole(wanted: Named, centre: Centre): Promise<string> {
  const url = centre.address(cataloguePath(wanted.sha256));
  const packedUrl = new URL(`${url.href}.br`);
  const packed = await getResumed(packedUrl, wanted.size + TEXT_LIMITS.syncHeadBytes, centre.client);
  const fromPacked = packed && unpacked(packed, wanted.size);
  if (fromPacked && isIt(fromPacked, wanted)) return fromPacked.toString('utf8');
  const bytes = await getResumed(url, wanted.size, centre.client);
  if (bytes && isIt(bytes, wanted)) return bytes.toString('utf8');
  const why = bytes || packed ? 'is not the one that its head names' : 'is not there';
  throw new KhoError(
    'UPSTREAM',
    `Cannot follow "${centre.repository}" of ${centre.shown}: its catalogue ${why} (${url.pathname})`,
    {
      hint: 'nothing was changed here; if the centre was publishing just then, try again',
    },
  );
}

function isIt(content: Uint8Array | string, { sha256 }: Named): boolean {
  return hash('sha256', content, 'hex') === sha256;
}

/** Undefined for what is nothing packed, or more than it may be. */
function unpacked(bytes: Uint8Array, most: number): Buffer | undefined {
  try {
    return brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, most) });
  } catch {
    return undefined;
  }
}
