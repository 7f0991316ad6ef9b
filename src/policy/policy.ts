/** What may come in of a project of another index: the rules that hold for it, as data that goes from thread to thread. */
import type { Advisory } from '../standards/osv/advisory.ts';

/** What counts of a file that another index lists. */
export interface OfferedFile {
  filename: string;
  sha256?: string;
  /** Absent where its name does not tell. */
  version?: string;
  /** ISO 8601; absent, or no time, where the index does not tell. */
  uploadTime?: string;
}

/** Releases of the project that somebody named. */
export interface ReleaseRule {
  /** As in a requirement; empty for all versions. */
  specifiers: string;
  /** Hexadecimal sha256, where only these files are meant. */
  sha256s?: ReadonlySet<string>;
}

/** What is to be left out of what is named elsewhere is empty or absent. */
export interface Policy {
  /** So old a file has to be, in milliseconds. */
  cooldownMs?: number;
  /** What need not be. */
  cooldownExcept?: readonly ReleaseRule[];
  /** Only what one of them names comes in. */
  allow?: readonly ReleaseRule[];
  deny?: readonly ReleaseRule[];
  /** What is known of the project. */
  advisories: readonly Advisory[];
  /** Versions that locks name: a release that closes a known hole of one of them need not be old. */
  lockedVersions?: readonly string[];
  /** When files were first seen for which the index does not tell when they were published: milliseconds by `seenKey`. */
  firstSeen?: ReadonlyMap<string, number>;
}

/** Why a file is neither listed nor served. */
export type UpstreamRefusal =
  | { kind: 'malware'; id: string }
  | { kind: 'deny'; rule: string }
  /** `hash`: this version is allowed, but with other bytes. */
  | { kind: 'allow'; lacks: 'version' | 'hash' }
  /** When it will be listed: milliseconds since 1970. `by` says what is not old enough: the release, or this file alone. */
  | { kind: 'cooldown'; untilMs: number; by: 'release' | 'file' };

/** To be read after the name of the file, without a full stop. */
export function refusalWords(why: UpstreamRefusal): string {
  switch (why.kind) {
    case 'malware':
      return `is known malware (${why.id})`;
    case 'deny':
      return `is denied${why.rule === '' ? '' : `: ${why.rule}`}`;
    case 'allow':
      return why.lacks === 'hash'
        ? 'has other bytes than what is allowed of this version'
        : 'is not among what is allowed';
    case 'cooldown':
      return `${why.by === 'release' ? 'is of a release that is' : 'is'} not old enough: listed from ${minute(why.untilMs)} on`;
  }
}

/** Not before that minute. Both are milliseconds since 1970. */
export function wholeMinute(ms: number): number {
  return Math.ceil(ms / 60_000) * 60_000;
}

/** `2026-12-01 08:15 UTC`. */
function minute(ms: number): string {
  const full = new Date(wholeMinute(ms)).toISOString();
  return `${full.slice(0, 10)} ${full.slice(11, 16)} UTC`;
}
