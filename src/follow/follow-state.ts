/** How far a repository has followed the centre: which head was believed last, and what each lock file came to. */
import { isKeptText, keptFields } from '../io/kept-fields.ts';
import { type KeptFile, readKept, replaceKept } from '../io/kept-state.ts';

export interface FollowedClosure {
  /** Of the head that it was taken from. */
  counter: number;
  /** `SHA256 FILENAME`, sorted. */
  files: string[];
}

export interface FollowedLock {
  /** As it is shown: from the site's root, where it lies below it. */
  path: string;
  /** Those that were whole, the newest first; it was all there, and published. */
  closures: FollowedClosure[];
  /** What it lacked the last time: one line each, no full stop. Empty: it is whole. */
  lacking: string[];
}

export interface FollowState {
  /** The repository here. */
  into: string;
  /** The centre, without name and password. */
  url: string;
  /** The head that was believed last, byte for byte. */
  head: string;
  /** Its signature, where one was asked for. */
  signature?: string;
  /** The centre's name for that head. */
  etag?: string;
  /** Sha256 of what it was told last that is here. */
  told?: string;
  /** Sha256 of what it was taken from: where that is the same, so is the report. */
  toldOf?: string;
  /** When it was asked last, ISO 8601: told, never compared with other clocks. */
  asked: string;
  /** Sorted by path. */
  locks: FollowedLock[];
  /** Something was changed in packages/ that may not be published yet. */
  isDue?: true;
}

const FOLLOWED: KeptFile<FollowState> = {
  name: 'followed',
  format: 1,
  whenDamaged: 'leave out', // a farm where nobody is has to go on by itself
  parse: parseFollowed,
  serialize: (followed) => JSON.stringify(followed),
};

/** Of all repositories that follow one. @throws {KhoError} SITE, READ */
export function readAllFollowed(root: string): { followed: FollowState[]; damaged: number } {
  const { records, damaged } = readKept(root, FOLLOWED);
  return { followed: records, damaged };
}

/** @throws {KhoError} SITE, READ */
export function readFollowed(root: string, into: string): { followed: FollowState | undefined; damaged: number } {
  const { followed, damaged } = readAllFollowed(root);
  return { followed: followed.find((each) => each.into === into), damaged };
}

/** The lock must be held. @throws {KhoError} SITE, READ, WRITE */
export function rememberFollowed(root: string, followed: FollowState): void {
  const others = readAllFollowed(root).followed.filter(({ into }) => into !== followed.into);
  const all = [...others, followed].sort((a, b) => (a.into < b.into ? -1 : 1));
  replaceKept(root, FOLLOWED, all);
}

function parseFollowed(line: string): FollowState | undefined {
  const { into, url, head, signature, etag, asked, locks, isDue, told, toldOf } = keptFields(line);
  if (!isKeptText(into) || !isKeptText(url) || typeof head !== 'string' || !isKeptText(asked)) return undefined;
  if (!Array.isArray(locks)) return undefined;
  const read = locks.map(readLock);
  if (!read.every((lock) => lock !== undefined)) return undefined;
  return {
    ...{ into, url, head, asked, locks: read },
    ...(typeof signature === 'string' && { signature }),
    ...(isKeptText(etag) && { etag }),
    ...(isKeptText(told) && { told }),
    ...(isKeptText(toldOf) && { toldOf }),
    ...(isDue === true && { isDue }),
  };
}

function readLock(value: unknown): FollowedLock | undefined {
  const { path, closures, lacking } = Object(value) as Record<string, unknown>;
  if (!isKeptText(path) || !isTexts(lacking) || !Array.isArray(closures)) return undefined;
  const read = closures.flatMap((closure): FollowedClosure[] => {
    const { counter, files } = Object(closure) as Record<string, unknown>;
    return Number.isSafeInteger(counter) && isTexts(files) ? [{ counter: counter as number, files }] : [];
  });
  return read.length === closures.length ? { path, closures: read, lacking } : undefined;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
