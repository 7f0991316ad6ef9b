/** Pipfile.lock: JSON. What `pipenv sync` brings: the default packages. */
import { FormatError } from '../problems.ts';
import { markerOf, nameOf, sha256sOf, tableOf, textOf, textsOf } from './lock-values.ts';
import { holds, type NeedsFile, NO_OPTIONS, noNeeds, withoutExtras } from './wanted.ts';

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
  const packages = Object.entries(tableOf(tableOf(lock)['default'])).map(([written, value]) => {
    const each = tableOf(value);
    const specifiers = textOf(value) ?? textOf(each['version']);
    return {
      ...{ name: nameOf(written), marker: markerOf(each['markers']) },
      specifiers: specifiers === '*' ? '' : specifiers,
      isOutside: ELSEWHERE.some((key) => each[key] !== undefined),
      sha256s: sha256sOf(textsOf(each['hashes'])),
    };
  });
  return {
    isLocked: true,
    options: NO_OPTIONS,
    needsOf(environments) {
      const needs = noNeeds();
      for (const { name, specifiers, marker, isOutside, sha256s } of packages) {
        if (!holds(marker, withoutExtras(environments))) continue;
        // Without a version it is some form of a package that this does not know.
        if (isOutside || specifiers === undefined) needs.outside.push(`${name} (${from})`);
        else needs.wanted.push({ name, extras: [], from, specifiers, ...(sha256s && { sha256s }) });
      }
      return needs;
    },
  };
}
