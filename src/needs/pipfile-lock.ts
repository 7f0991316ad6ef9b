/** Pipfile.lock: JSON. What `pipenv sync` brings: the default packages. */
import { FormatError } from '../problems.ts';
import { markerOf, nameOf, sha256sOf, tableOf, textOf, textsOf } from './lock-values.ts';
import { holds, type NeedsFile, NO_OPTIONS, noNeeds } from './wanted.ts';

/** @throws {FormatError} `bad-metadata` */
export function readPipfileLock(text: string, from: string): NeedsFile {
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch {
    throw new FormatError('bad-metadata', 'It is not JSON');
  }
  const packages = Object.entries(tableOf(tableOf(lock)['default'])).map(([written, value]) => {
    const each = tableOf(value);
    return {
      ...{ name: nameOf(written), specifiers: textOf(each['version']), marker: markerOf(each['markers']) },
      sha256s: sha256sOf(textsOf(each['hashes'])),
    };
  });
  return {
    isLocked: true,
    options: NO_OPTIONS,
    needsOf(environments) {
      const needs = noNeeds();
      for (const { name, specifiers, marker, sha256s } of packages) {
        if (!holds(marker, environments)) continue;
        if (specifiers === undefined) needs.outside.push(`${name} (${from})`);
        else
          needs.wanted.push({
            name,
            extras: [],
            from,
            specifiers: specifiers === '*' ? '' : specifiers,
            ...(sha256s && { sha256s }),
          });
      }
      return needs;
    },
  };
}
