/** `kho pack`: what the lock files of an edge come to, onto disks that somebody carries there. Objects first, and what tells of them last. */
import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import type { Closure } from '../follow/closures.ts';
import { removeFile } from '../io/disk.ts';
import { systemCode } from '../io/disk-lacks.ts';
import { look } from '../io/open-file.ts';
import { isOwnLeftover } from '../io/own-leftover.ts';
import { writeFileAtomic } from '../io/write-file-atomic.ts';
import { headSha256 } from '../sync-format/head.ts';
import type { CarrierDisk } from './carrier-disk.ts';
import { readCarried, readEdgeState, writeCarried } from './edge-state.ts';
import { EDGE_FILES, EDGES, README } from './layout.ts';
import { objectsOf } from './packed-objects.ts';
import type { PublishedState } from './published-state.ts';
import { type CarriedObject, hashOfObject, putObject } from './put-object.ts';
import { README_TEXT } from './readme-text.ts';
import { orTakenOut } from './taken-out.ts';

/** Left for heads, folders, and the clusters of small files. In bytes. */
const KEEP_FREE = 8 * 1024 * 1024;
/** A file takes whole clusters; exFAT's are up to so long on small disks. In bytes. */
const CLUSTER_BYTES = 128 * 1024;

export interface PackRun {
  config: SiteConfig;
  edge: string;
  state: PublishedState;
  closures: readonly Closure[];
  disks: readonly CarrierDisk[];
  dryRun: boolean;
  /** In bytes. */
  onProgress: (progress: { done: number; total: number }) => void;
}

export interface PackResult {
  edge: string;
  counter: number;
  /** What the edge lacks as far as the disks tell, packages and what lies beside them: files and bytes. */
  wanted: { files: number; bytes: number };
  /** By disk, in their order. */
  disks: { shown: string; written: number; bytes: number; there: number }[];
  /** What is on none of them, and why: one line each, no full stop. */
  lacking: string[];
}

/** @throws {KhoError} READ, WRITE */
export async function pack(run: PackRun): Promise<PackResult> {
  const { edge, state, closures, disks, dryRun } = run;
  const has = new Set(disks.flatMap((disk) => (disk.isMade ? [...knownOf(disk, run)] : [])));
  const wanted = objectsOf(closures, run.config, state).filter(({ sha256 }) => !has.has(sha256));
  const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
  const result: PackResult = {
    ...{ edge, counter: state.head.counter, wanted: { files: wanted.length, bytes } },
    disks: disks.map(({ shown }) => ({ shown, written: 0, bytes: 0, there: 0 })),
    lacking: closures.flatMap(({ path, lacking }) => lacking.map((each) => `${path}: ${each}`)),
  };
  if (dryRun) return result;
  for (const disk of disks) prepare(disk, edge);
  try {
    const placed = await placeObjects(wanted, result, run);
    for (const [index, disk] of disks.entries()) await finish(disk, placed[index] as Set<string>, run);
  } catch (error) {
    throw orTakenOut(
      error,
      disks,
      'pack',
      'put it in again, and pack again: what is on it already is not written again',
    );
  }
  return result;
}

/** Of another centre, or repository, it tells nothing. */
function knownOf(disk: CarrierDisk, { edge, state: { head } }: PackRun): ReadonlySet<string> {
  const known = readEdgeState(disk, edge);
  return known?.site === head.site && known.repository === head.repository ? new Set(known.has) : new Set();
}

function prepare(disk: CarrierDisk, edge: string): void {
  disk.make();
  for (const name of disk.namesOf(edge)) {
    const path = join(disk.folder, EDGES, edge, name);
    if (isOwnLeftover(name, path)) removeFile(path);
  }
  const path = join(disk.folder, README);
  if (look(path)?.size !== Buffer.byteLength(README_TEXT)) writeFileAtomic(path, README_TEXT);
}

/** Each on one of the disks: where it is already, else on the first that has room. @returns what is on each */
async function placeObjects(
  wanted: readonly CarriedObject[],
  result: PackResult,
  run: PackRun,
): Promise<Set<string>[]> {
  const { disks } = run;
  const placed = disks.map(() => new Set<string>());
  const total = result.wanted.bytes;
  let done = 0;
  for (const object of wanted) {
    const where = await placeObject(object, result, run);
    if (typeof where === 'string') result.lacking.push(`${object.filename}: ${where}`);
    else placed[where]?.add(object.sha256);
    done += object.size;
    run.onProgress({ done, total });
  }
  return placed;
}

/** @returns the number of its disk, or why it is on none */
async function placeObject(object: CarriedObject, result: PackResult, { disks }: PackRun): Promise<number | string> {
  for (const [index, disk] of disks.entries()) {
    if (disk.objectSize(object.sha256, object.size) !== object.size) continue;
    if ((await hashOfObject(disk, object)) !== object.sha256) continue; // the disk is worn, or it was never whole
    (result.disks[index] as PackResult['disks'][number]).there++;
    return index;
  }
  for (const [index, disk] of disks.entries()) {
    if (disk.freeBytes - KEEP_FREE < object.size + CLUSTER_BYTES) continue;
    try {
      const fault = await putObject(disk, object);
      if (fault !== undefined) return fault;
    } catch (error) {
      if (systemCode(error) !== 'ENOSPC') throw error;
      continue;
    }
    const told = result.disks[index] as PackResult['disks'][number];
    told.written++;
    told.bytes += object.size;
    return index;
  }
  return 'no disk has room for it';
}

/** Only now the disk says that it has something new; what no head on it needs goes. */
async function finish(disk: CarrierDisk, placed: ReadonlySet<string>, run: PackRun): Promise<void> {
  const { edge, state } = run;
  const { head, text, signature, catalogue } = state;
  const size = Buffer.byteLength(catalogue);
  const bytes = Buffer.from(catalogue);
  const object = {
    sha256: head.catalogue.sha256,
    size,
    filename: 'the catalogue',
    read: (from: number, to: number) => slices(bytes, from, to),
  };
  if (disk.objectSize(object.sha256, size) !== size || (await hashOfObject(disk, object)) !== object.sha256) {
    const fault = await putObject(disk, object);
    if (fault !== undefined) throw new KhoError('WRITE', `Cannot write the catalogue to "${disk.shown}": ${fault}`);
  }
  const sha256 = headSha256(text);
  const carried = new Set([...placed, object.sha256]);
  writeCarried(disk, edge, carried);
  if (signature !== undefined) disk.write(edge, `${sha256}.sig`, signature);
  disk.flush();
  disk.write(edge, EDGE_FILES.head, text);
  disk.flush();
  for (const name of disk.namesOf(edge)) if (name.endsWith('.sig') && name !== `${sha256}.sig`) disk.remove(edge, name);
  const others = disk.edges().filter((each) => each !== edge);
  const needed = new Set([...carried, ...others.flatMap((each) => readCarried(disk, each))]);
  for (const each of disk.objects()) if (!needed.has(each)) disk.removeObject(each);
}

async function* slices(bytes: Buffer, from: number, to: number): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(from, to);
}
