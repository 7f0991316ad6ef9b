import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KhoError } from '../../errors.ts';
import { type Downloadable, downloadFile, type FileTail, partKey } from '../../fetch/download-file.ts';
import type { HttpClient } from '../../fetch/http-client.ts';
import { shownAddress } from '../../fetch/upstream-address.ts';
import { makeFolder, makePrivateFolder, removeFile } from '../../io/disk.ts';
import { forgetIfReplaced, look, openFile } from '../../io/open-file.ts';
import type { PartFile } from '../../io/part-file.ts';
import { livingPart } from '../../io/part-name.ts';
import { upstreamFolder } from '../../kept-upstream/kept-places.ts';
import type { Arrival } from './arrival.ts';
import type { KeptFiles } from './kept-files.ts';
import { partsPath } from './places.ts';

/** While another process brings the same file, it is looked for so often. In milliseconds. */
const LOOK_MS = 100;
/** One that has brought nothing for so long is not waited for any more. In milliseconds. */
const STUCK_MS = 60_000;

/** Nobody waits for it any more. */
export class Abandoned extends Error {}

export interface Bringing {
  file: Downloadable;
  /** See `keptPath`. */
  path: string;
  /** See `openParts`. */
  parts: string;
  client: HttpClient;
  /** Asked of where it comes from in the end; throws where it may not. */
  checkSource: (url: URL) => void;
  /** Asked when it is here: what that says may have changed since it was asked for. */
  mayKeep: () => boolean;
  /** What came of its end already. */
  tail?: FileTail;
}

/** Where files of an upstream are until they are whole. @throws {KhoError} WRITE, SITE where it cannot be used: then nothing can be kept */
export function openParts(root: string, upstream: string): string {
  const path = partsPath(root, upstream);
  forgetIfReplaced(upstreamFolder(root));
  makeFolder(dirname(path));
  makePrivateFolder(path, 0o700, true);
  return path;
}

/**
 * Bring a file into its place: who waits for `arrival` sees it come. Another process that brings the same is waited for.
 *
 * @returns whether it came, and is in its place
 */
export async function bringFile(bringing: Bringing, arrival: Arrival, kept: KeptFiles): Promise<boolean> {
  const { file, path, parts, client, checkSource, mayKeep, tail } = bringing;
  const ending = new AbortController();
  arrival.onForgotten = () => ending.abort(new Abandoned());
  const begun: { part?: PartFile; path?: string } = {};
  try {
    await othersHaveIt(parts, partKey(file), () => kept.has(path));
    const there = await kept.open(path, file.sha256);
    if (there !== undefined) {
      arrival.beginsWith(there.descriptor);
      arrival.came(there.size);
      arrival.ends({ is: 'whole' });
      return false;
    }
    const source = await downloadFile(file, parts, client, (bytes) => arrival.came(bytes), {
      signal: ending.signal,
      tail,
      onReply: (reply, total) => {
        checkSource(reply.url);
        arrival.replied(total);
      },
      onPart: (part, at) => {
        Object.assign(begun, { part, path: at });
        arrival.beginsWith(openFile(at));
      },
    });
    arrival.ends({ is: 'whole' });
    if (!mayKeep()) {
      removeFile(source.path);
      return false;
    }
    kept.place(source.path, { path, sha256: source.sha256, from: shownAddress(file.url) });
    return true;
  } catch (error) {
    const isWhole = arrival.state.is === 'whole';
    const isFull = error instanceof KhoError && error.code !== 'UPSTREAM';
    if ((isFull || isWhole) && begun.path !== undefined) removeFile(begun.path); // it takes room that is needed
    if (isWhole) return false; // all have it, but it could not be kept
    if (isFull && begun.part !== undefined) arrival.ends({ is: 'no room', hash: begun.part.hash });
    else arrival.ends({ is: 'failed', fault: ending.signal.aborted ? new Abandoned() : (error as Error) });
    return false;
  }
}

/** Resolves when no other process brings it: it may be there by then. */
async function othersHaveIt(parts: string, key: string, isThere: () => boolean): Promise<void> {
  let grownMs = performance.now();
  let before = -1;
  for (let part = livingPart(parts, key); part !== undefined && !isThere(); part = livingPart(parts, key)) {
    const size = look(part)?.size ?? 0;
    if (size !== before) grownMs = performance.now();
    before = size;
    if (performance.now() - grownMs > STUCK_MS) return;
    await sleep(LOOK_MS);
  }
}
