/**
 * Where the members of a wheel go when it is installed.
 *
 * Source: PyPA "Binary distribution format" (PEP 427), section "The .data directory"; how strict, as pip and uv are.
 */
import { type Member, shownPath } from '../formats/archive-member.ts';
import { FormatError } from '../problems.ts';
import { LONGEST_FILENAME } from './longest-filename.ts';

const SCHEME_KEYS: ReadonlySet<string> = new Set(['purelib', 'platlib', 'headers', 'scripts', 'data']);
const DATA_SUFFIX = '.data';
/** File systems of Linux take no longer path. In bytes. */
const PATH_LIMIT = 4095;
/** A character of a text has no more bytes in UTF-8. */
const BYTES_OF_A_CHARACTER = 3;
const CONTROL_CHARACTER = /[\x00-\x1f\x7f-\x9f]/;

/**
 * Whether pip can unpack and install all members.
 *
 * @returns what only some clients refuse, and which, in words that follow the file's name; the first of it
 * @throws {FormatError} `cannot-install` for what every pip refuses, or no file system takes
 */
export function checkWheelLayout(members: readonly Member[]): string | undefined {
  let doubt: string | undefined;
  for (const { path, kind } of members) {
    if (path.length * BYTES_OF_A_CHARACTER > LONGEST_FILENAME) checkLengths(path);
    if (path.includes(DATA_SUFFIX)) doubt ??= checkData(path, kind);
    if (CONTROL_CHARACTER.test(path))
      doubt ??= `holds ${shownPath(path)}, a name with a control character: uv refuses it`;
  }
  return checkFolders(members) ?? doubt;
}

function checkLengths(path: string): void {
  const longest = path.split('/').find((name) => Buffer.byteLength(name) > LONGEST_FILENAME);
  if (longest === undefined && Buffer.byteLength(path) <= PATH_LIMIT) return;
  const why = longest === undefined ? `path of more than ${PATH_LIMIT}` : `name of more than ${LONGEST_FILENAME}`;
  throw new FormatError('cannot-install', `holds ${shownPath(path)}, a ${why} bytes, which no file system takes`);
}

/** @throws {FormatError} `cannot-install` */
function checkData(path: string, kind: Member['kind']): string | undefined {
  const [top = '', key, ...rest] = path.split('/');
  if (!top.endsWith(DATA_SUFFIX)) return undefined;
  if (key === undefined && kind === 'folder') return undefined;
  if (kind === 'folder') {
    return SCHEME_KEYS.has(key as string)
      ? subFolderOfScripts(key as string, rest)
      : `holds a folder ${shownPath(path)}: uv refuses it`;
  }
  const isKnown = key !== undefined && SCHEME_KEYS.has(key) && rest.length > 0;
  if (!isKnown) {
    throw new FormatError('cannot-install', `holds ${shownPath(path)}, for which there is no place: pip refuses it`);
  }
  return subFolderOfScripts(key, rest.slice(0, -1));
}

function subFolderOfScripts(key: string, folders: readonly string[]): string | undefined {
  return key === 'scripts' && folders.length > 0
    ? 'has a folder of scripts in a folder of scripts: uv refuses it'
    : undefined;
}

/** One path cannot be a file and a folder with something in it. */
function checkFolders(members: readonly Member[]): string | undefined {
  const files = new Set<string>();
  for (const { path, kind } of members) if (kind !== 'folder') files.add(path);
  let doubt: string | undefined;
  let folder = '';
  for (const { path, kind } of members) {
    if (kind === 'folder' && files.has(path))
      doubt = `holds ${shownPath(path)} as a file and as a folder: uv refuses it`;
    const end = path.lastIndexOf('/');
    if (end < 0 || (end === folder.length && path.startsWith(folder))) continue; // beside the one before
    folder = path.slice(0, end);
    for (let upper = folder; upper !== ''; upper = upper.slice(0, Math.max(0, upper.lastIndexOf('/')))) {
      if (!files.has(upper)) continue;
      throw new FormatError(
        'cannot-install',
        `holds ${shownPath(upper)} as a file, and ${shownPath(path)} in it: no client can unpack it`,
      );
    }
  }
  return doubt;
}
