/**
 * What a repository may be called. Its name is a folder under the site's root and a part of every address in it,
 * so it has to be harmless in both, on every system that a copy of the site may be carried to.
 */

import { SYNC_FOLDER } from '../sync-format/sync-names.ts';

/** Folders that kho or its users keep beside repositories, and what stands in a site that is a repository itself. */
const RESERVED_NAMES = [
  'simple',
  'pypi',
  'project',
  'packages',
  'incoming',
  'originals',
  'index.html',
  'SHA256SUMS',
] as const;

/** In the site's root: what is kept of other indexes, where kho.toml has any. */
export const UPSTREAM_FOLDER = 'upstream';

/** Folders that kho keeps where kho.toml asks for them: no new repository is called so, and one that is there is told of. */
const SOMETIMES_RESERVED_NAMES: readonly string[] = [UPSTREAM_FOLDER, SYNC_FOLDER];

/** The name of the site itself, when it has a packages/ of its own. */
export const SITE_ITSELF = '.';

/** In bytes; file systems take 255. */
const LONGEST_NAME = 200;

export function isReservedName(name: string): boolean {
  const wanted = name.toLowerCase(); // A disk may ignore case.
  return RESERVED_NAMES.some((reserved) => reserved.toLowerCase() === wanted);
}

/** Why no new repository should be called that; undefined when it may. */
export function newRepositoryNameFault(name: string): string | undefined {
  return isSometimesReserved(name)
    ? `the names ${SOMETIMES_RESERVED_NAMES.join(' and ')} are kept for what kho.toml may ask for`
    : repositoryNameFault(name);
}

/** What to say of a repository that is there: nothing, or one line. */
export function sometimesReservedNote(name: string): string[] {
  if (!isSometimesReserved(name)) return [];
  return [
    `the repository "${name}" has a name that kho uses itself, for other indexes or for sites that follow: give its folder another name before you ask for either (and in kho.toml, and to clients)`,
  ];
}

function isSometimesReserved(name: string): boolean {
  return SOMETIMES_RESERVED_NAMES.includes(name.toLowerCase());
}

/** Why a repository cannot be called that, to be read after the name; undefined when it can. */
export function repositoryNameFault(name: string): string | undefined {
  if (name === SITE_ITSELF) return undefined;
  if (name === '') return 'a name may not be empty';
  if (isReservedName(name)) return `the names ${RESERVED_NAMES.join(', ')} are taken by kho`;
  if (name.startsWith('.')) return 'a name may not start with a dot';
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]/u.test(name))
    return 'a name may hold only characters that can be seen';
  if (/[/\\:*?"<>|]/.test(name)) return 'a name may not hold any of / \\ : * ? " < > |';
  if (/^\s|[\s.]$/u.test(name)) return 'a name may not start with a space, nor end with a space or dot';
  if (Buffer.byteLength(name) > LONGEST_NAME) return `a name may not be longer than ${LONGEST_NAME} bytes`;
  return undefined;
}
