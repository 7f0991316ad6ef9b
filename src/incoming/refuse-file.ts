import { existsSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { makeFolder } from '../io/disk.ts';
import { writeFileAtomic } from '../io/write-file-atomic.ts';
import { moveFile } from './move-file.ts';
import { findSameBytes } from './published-files.ts';
import type { IncomingFile, IncomingSide } from './scan-incoming.ts';

/** A file that must not be published. */
export interface Refusal {
  file: IncomingFile;
  /** Hexadecimal. */
  sha256: string;
  /** Side-files that go with it, with their hashes. */
  sides: readonly { side: IncomingSide; sha256: string }[];
  /** What the text beside it says. */
  reason: string;
}

export interface Refused {
  /** The name in refused/. */
  name: string;
  /** What was copied, or is there already, and has to be removed. */
  remaining: IncomingFile[];
}

/**
 * Move a file to `refused` with a text beside it that says why. What was refused before is kept: the next one of that name is
 * numbered (`FILE.2`). The same bytes are kept once.
 *
 * The order is text, side-files, file: one that was moved always has its reason.
 *
 * @throws {KhoError} WRITE; {FormatError}
 */
export async function refuseFile(refusal: Refusal, refused: string): Promise<Refused> {
  const { file, sha256, sides } = refusal;
  makeRefusedFolder(refused);
  const earlier = numbered(file.name, (name) => existsSync(join(refused, name)));
  const known = await findSameBytes(
    earlier.taken.map((name) => sized(join(refused, name), name)),
    file.stamp.size,
    sha256,
  );
  if (known) return { name: known.name, remaining: [file] };

  const isTaken = (name: string) =>
    existsSync(join(refused, name)) || sides.some(({ side }) => existsSync(join(refused, `${name}.${side.side}`)));
  const name = numbered(file.name, isTaken).free;
  const remaining: IncomingFile[] = [];
  writeFileAtomic(join(refused, `${name}.txt`), refusal.reason);
  for (const { side, sha256: ofSide } of sides) {
    if (await moveFile(side, join(refused, `${name}.${side.side}`), ofSide)) remaining.push(side);
  }
  if (await moveFile(file, join(refused, name), sha256)) remaining.push(file);
  return { name, remaining };
}

/** A link in its place could lead anywhere. */
function makeRefusedFolder(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) makeFolder(path);
  else if (!stats.isDirectory()) {
    throw new KhoError('WRITE', `Cannot move to "${path}": it is no folder`, { hint: 'move it away' });
  }
}

/** `FILE`, `FILE.2`, `FILE.3`, up to the first that is free. */
function numbered(name: string, isTaken: (name: string) => boolean): { free: string; taken: string[] } {
  const taken: string[] = [];
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}.${number}`;
    if (!isTaken(candidate)) return { free: candidate, taken };
    taken.push(candidate);
  }
}

function sized(full: string, name: string) {
  return { full, name, size: statSync(full).size };
}
