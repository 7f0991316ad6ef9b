/** Words for what is wrong with a file that somebody uploads. */

import type { Token } from '../access/token.ts';
import { type FormatError, PROBLEM_HINTS, type ProblemCode } from '../problems.ts';
import { quoted } from '../standards/quoted.ts';
import type { UploadRefusal } from './order.ts';

interface FileFault {
  code: ProblemCode;
  /** Reads on after the file's name. */
  what: string;
  hint: string;
}

/** Hints that speak to whoever has the site's disk before them, and what whoever uploads can do instead. */
const HINTS: Partial<Record<ProblemCode, string>> = {
  damaged: 'build it again, and upload that',
  empty: 'build it again, and upload that',
  incomplete: 'build it again, and upload that',
  'bad-filename': 'upload it under the name that its build tool gave it',
  'name-mismatch': 'upload it under the name that its build tool gave it',
  'version-mismatch': 'upload it under the name that its build tool gave it',
  'not-a-package': 'upload wheels and sdists',
  'not-moved': 'tell whoever runs this site',
  'not-readable': 'tell whoever runs this site',
  'wrong-platform': 'upload it to a repository for its platform',
};

/** A fault as the sentences of an answer. */
export function faultText(filename: string, { code, what, hint }: FileFault): string {
  // What names another repository of this site says more than a hint for all.
  const told = hint === PROBLEM_HINTS[code] ? (HINTS[code] ?? hint) : forUploader(hint);
  return `${named(filename)} ${what}. What to do: ${told} [${code}]`;
}

/** Folders of the site as addresses: `move it to musl/packages/` is `upload it to musl/upload/`. */
function forUploader(hint: string): string {
  return hint.startsWith('move it to ')
    ? hint.replace('move', 'upload').replace(/(?<=^| )((?:[^ /]+\/)?)packages\//g, '$1upload/')
    : hint;
}

/** A file that cannot be published as it is. */
export function bad(filename: string, fault: FileFault): UploadRefusal {
  return { is: 'refused', why: 'bad', text: faultText(filename, fault) };
}

export function badFormat(filename: string, { code, message, hint }: FormatError): UploadRefusal {
  return bad(filename, { code, what: message, hint });
}

/** What the form says is not what came. */
export function otherDigest(filename: string, algorithm: string, said: string, got: string): UploadRefusal {
  const text = `${named(filename)} did not arrive as it was sent: its ${algorithm} is ${got}, and the form says ${quoted(said.slice(0, 130))}. What to do: upload it again`;
  return { is: 'refused', why: 'bad', text };
}

/** Other bytes have its name, or one that stands for the same file. The words are those that clients look for. @param there if that may be told */
export function exists(
  filename: string,
  there: { file: string; sha256: string } | undefined,
  sha256: string,
): UploadRefusal {
  const other = there === undefined ? '' : `There is ${there.file}, sha256 ${there.sha256}; this`;
  const text = `File already exists: ${named(filename)}, with other bytes. ${other || 'This'} one has sha256 ${sha256}. What to do: build a new version (or, of a wheel, a new build number), and upload that`;
  return { is: 'refused', why: 'exists', text };
}

/** Other bytes of this name are remembered, by lock files and caches. */
export function wasRemoved(filename: string): UploadRefusal {
  const text = `Other bytes were removed under the name ${named(filename)}, and clients may remember them. What to do: build a new version (or, of a wheel, a new build number), and upload that [refused]`;
  return { is: 'refused', why: 'bad', text };
}

/** Nothing says which of several repositories it is for. @param repositories by name, those that may be named */
export function undecidedFor(filename: string, repositories: readonly string[]): UploadRefusal {
  const addresses = repositories.map((name) => (name === '.' ? '/' : `/${name}/upload/`)).join(', ');
  const where = repositories.length === 0 ? 'the address of the one that it is for' : `one of ${addresses}`;
  const text = `${named(filename)} may be for any of several repositories. What to do: upload it to ${where} [undecided]`;
  return { is: 'refused', why: 'bad', text };
}

export function noRepository(): UploadRefusal {
  const text = 'No repository of this site holds files. What to do: tell whoever runs it [undecided]';
  return { is: 'refused', why: 'bad', text };
}

/** Why it fits nowhere would name repositories that must not be named. */
export function fitsNowhere(filename: string): UploadRefusal {
  const text = `${named(filename)} is for no repository of this site. What to do: ask whoever runs it where it belongs [wrong-platform]`;
  return { is: 'refused', why: 'bad', text };
}

/** What a token may not. @param why in a sentence, if that may be told */
export function forbiddenText({ name }: Token, why: string | undefined): string {
  const what = why ?? `The token "${name}" is not for where this belongs`;
  return `${what}. What to do: ask whoever runs this site for another token`;
}

function named(filename: string): string {
  return /^[\w.!+-]+$/.test(filename) ? filename : quoted(filename.slice(0, 200));
}
