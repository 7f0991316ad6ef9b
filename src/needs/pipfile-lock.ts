/** Pipfile.lock: JSON. What `pipenv sync` brings: the default packages. */

import { NO_OPTIONS } from '../catalog/candidate.ts';
import { FormatError } from '../problems.ts';
import type { Marker } from '../standards/marker.ts';
import { markerOf, nameOf, sha256sOf, tableOf, textOf, textsOf } from './lock-values.ts';
import { holds, type NeedsFile, noNeeds, withoutExtras } from './wanted.ts';

/** Where a package is from, if not from an index; a version may stand beside it. */
const ELSEWHERE = ['path', 'file', 'url', 'git', 'hg', 'svn', 'bzr'];

/** @throws {FormatError} `bad-metadata` */
export function readPipfileLock(text: string, from: string): NeedsFile {
  let lock: unknown;
  try {
    lock = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw new FormatError('bad-metadata', 'It is not JSON');
  }
  const packagesOf = (group: string) => Object.entries(tableOf(tableOf(lock)[group])).map(readPackage);
  const packages = packagesOf('default');
  const needsOf = (some: readonly Package[], counts: (marker: Marker | undefined) => boolean) => {
    const needs = noNeeds();
    for (const { name, specifiers, marker, isOutside, sha256s } of some) {
      if (!counts(marker)) continue;
      // Without a version it is some form of a package that this does not know.
      if (isOutside || specifiers === undefined) needs.outside.push(`${name} (${from})`);
      else needs.wanted.push({ name, extras: [], from, specifiers, ...(sha256s && { sha256s }) });
    }
    return needs;
  };
  return {
    isLocked: true,
    options: NO_OPTIONS,
    needsOf: (environments) => needsOf(packages, (marker) => holds(marker, withoutExtras(environments))),
    named: () => needsOf([...packages, ...packagesOf('develop')], () => true),
  };
}

type Package = ReturnType<typeof readPackage>;

function readPackage([written, value]: [string, unknown]) {
  const each = tableOf(value);
  const specifiers = textOf(value) ?? textOf(each['version']);
  return {
    ...{ name: nameOf(written), marker: markerOf(each['markers']) },
    specifiers: specifiers === '*' ? '' : specifiers,
    isOutside: ELSEWHERE.some((key) => each[key] !== undefined),
    sha256s: sha256sOf(textsOf(each['hashes'])),
  };
}
