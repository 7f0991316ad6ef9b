/** Source: PyPA "pylock.toml" (PEP 751). */
import { FormatError } from '../problems.ts';
import { type MarkerEnvironment, normalizeExtra } from '../standards/marker.ts';
import {
  isIndexAddress,
  markerOf,
  nameOf,
  sha256sOf,
  tableOf,
  tablesOf,
  textOf,
  textsOf,
  type Values,
} from './lock-values.ts';
import { lockedFile } from './locked-file.ts';
import { holds, type NeedsFile } from './wanted.ts';

/** @throws {FormatError} `bad-metadata` */
export function readPylock(lock: Values, from: string): NeedsFile {
  const version = textOf(lock['lock-version']) ?? '';
  if (!/^1\./.test(version))
    throw new FormatError('bad-metadata', `It has the lock-version "${version}", and kho knows 1.0`);
  const groups = new Set(textsOf(lock['default-groups']).map(normalizeExtra));
  const packages = tablesOf(lock['packages']).map(readPackage);
  const installed = (environments: readonly MarkerEnvironment[]) => {
    const here = environments.map((one) => ({ ...one, dependency_groups: groups }));
    return new Set(packages.filter(({ marker }) => holds(marker, here)));
  };
  return lockedFile(packages, installed, from);
}

function readPackage(each: Values) {
  const version = textOf(each['version']);
  const marker = markerOf(each['marker']);
  const files = [...tablesOf(each['wheels']), ...(each['sdist'] === undefined ? [] : [tableOf(each['sdist'])])];
  const sha256s = sha256sOf(
    files.filter((file) => file['hashes'] !== undefined).map((file) => tableOf(file['hashes'])['sha256']),
  );
  const isLocal = files.length > 0 && files.every((file) => !isIndexAddress(file['url']) && isHere(file));
  return {
    name: nameOf(each['name']),
    isOutside: ['vcs', 'directory', 'archive'].some((key) => each[key] !== undefined) || isLocal,
    ...(version !== undefined && { version }),
    ...(marker && { marker }),
    ...(sha256s && { sha256s }),
  };
}

/** A path, or an address that is one: files may have neither, and come from the index. */
function isHere(file: Values): boolean {
  return file['path'] !== undefined || file['url'] !== undefined;
}
