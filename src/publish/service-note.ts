/** What `kho watch` and `kho serve` leave in `.kho` of what they do, for `kho status`: losing it costs that nobody knows. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { removeFile, rename, writeNewFile } from '../io/disk.ts';
import { readStart } from '../io/open-file.ts';
import { bornAt, processIsAlive } from '../io/process-is-alive.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { isStateTrusted, stateFolder } from './state-folder.ts';

/** Times are ISO 8601. */
export interface ServiceNote {
  command: 'watch' | 'serve';
  pid: number;
  host: string;
  /** See `bornAt`. */
  born: string;
  since: string;
  /** When this was written: after each build, once a minute or so. */
  seen: string;
  /** Where it answers. */
  url?: string;
  /** The end of the last build that came to its end. */
  built?: string;
  /** Why the build after that one did not, and since when none does. */
  fault?: { message: string; hint?: string; since: string };
  /** The build that runs has made no progress since then. */
  stalled?: string;
  /** Upstreams that do not answer: why, and since when. */
  failing?: { upstream: string; message: string; since: string }[];
  /** The bucket that it pushes to: the end of the last push, and why those since then came to nothing, and since when. */
  bucket?: { name: string; pushed?: string; fault?: { message: string; hint?: string; since: string } };
}

/** In bytes; what is longer was not written by kho. */
const LONGEST = 64 * 1024;

const FORMAT = 1;

function notePath(root: string): string {
  return join(stateFolder(root), 'service');
}

/** Of this process. A disk that takes no note keeps nobody from publishing. */
export function writeServiceNote(root: string, note: ServiceNote): void {
  const temporary = join(stateFolder(root), temporaryName());
  ignoringDisk(() => {
    writeNewFile(temporary, JSON.stringify({ format: FORMAT, ...note }));
    try {
      rename(temporary, notePath(root));
    } catch (error) {
      removeFile(temporary);
      throw error;
    }
  });
}

/** Unless another process wrote it. */
export function removeServiceNote(root: string, { pid, host, born }: ServiceNote): void {
  const now = readServiceNote(root);
  if (now?.pid === pid && now.host === host && now.born === born) ignoringDisk(() => removeFile(notePath(root)));
}

/** Undefined where there is none, or none that can be believed. */
export function readServiceNote(root: string): ServiceNote | undefined {
  if (!isStateTrusted(root)) return undefined;
  try {
    const [text = ''] = readStart(notePath(root), LONGEST).toString('utf8').split('\0', 1);
    const note = JSON.parse(text);
    return note?.format === FORMAT && isNote(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

function isNote(note: Record<string, unknown>): note is ServiceNote & Record<string, unknown> {
  const isText = (text: unknown) => typeof text === 'string';
  const { command, pid, host, born, since, seen, failing = [], bucket } = note;
  const isFailing = (one: { [key: string]: unknown } | null) =>
    [one?.['upstream'], one?.['message'], one?.['since']].every(isText);
  const isBucket = bucket === undefined || isBucketNote(bucket);
  if (!isBucket || !Array.isArray(failing) || !failing.every(isFailing)) return false;
  return (
    (command === 'watch' || command === 'serve') && Number.isSafeInteger(pid) && [host, born, since, seen].every(isText)
  );
}

function isBucketNote(bucket: unknown): boolean {
  const { name, pushed, fault } = Object(bucket) as Record<string, unknown>;
  const { message, since } = Object(fault) as Record<string, unknown>;
  const isFault = fault === undefined || (typeof message === 'string' && typeof since === 'string');
  return typeof name === 'string' && (pushed === undefined || typeof pushed === 'string') && isFault;
}

/** Whether its process runs; undefined for one of another machine, which cannot be asked. */
export function isServiceAlive({ pid, host, born }: ServiceNote): boolean | undefined {
  if (host !== hostname()) return undefined;
  return processIsAlive(pid) && bornAt(pid) === born;
}

function ignoringDisk(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof KhoError)) throw error;
  }
}
