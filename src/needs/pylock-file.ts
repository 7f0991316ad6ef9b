/** Source: PyPA "pylock.toml" (PEP 751). */
import { FormatError } from '../problems.ts';
import type { MarkerEnvironment } from '../standards/marker.ts';
import { markerOf, nameOf, sha256sOf, tableOf, tablesOf, textOf, textsOf, type Values } from './lock-values.ts';
import { holds, type Needs, type NeedsFile, NO_OPTIONS, noNeeds } from './wanted.ts';

/** @throws {FormatError} `bad-metadata` */
export function readPylock(lock: Values, from: string): NeedsFile {
  const version = textOf(lock['lock-version']) ?? '';
  if (!/^1\./.test(version))
    throw new FormatError('bad-metadata', `It has the lock-version "${version}", and kho knows 1.0`);
  const groups = new Set(textsOf(lock['default-groups']));
  const packages = tablesOf(lock['packages']).map((each) => ({
    ...{ name: nameOf(each['name']), version: textOf(each['version']), marker: markerOf(each['marker']) },
    ...{ isOutside: each['vcs'] !== undefined || each['directory'] !== undefined || each['archive'] !== undefined },
    sha256s: sha256sOf(
      [...tablesOf(each['wheels']), tableOf(each['sdist'])]
        .filter(hasHashes)
        .map((file) => tableOf(file['hashes'])['sha256']),
    ),
  }));
  return {
    isLocked: true,
    options: NO_OPTIONS,
    needsOf(environments) {
      const needs: Needs = noNeeds();
      const here = environments.map(
        (one): MarkerEnvironment => ({ ...one, extras: new Set(), dependency_groups: groups }),
      );
      for (const { name, version, marker, isOutside, sha256s } of packages) {
        if (!holds(marker, here)) continue;
        if (isOutside) needs.outside.push(`${name} (${from})`);
        else
          needs.wanted.push({
            name,
            extras: [],
            from,
            specifiers: version === undefined ? '' : `==${version}`,
            ...(sha256s && { sha256s }),
          });
      }
      return needs;
    },
  };
}

function hasHashes(file: Values): boolean {
  return file['hashes'] !== undefined;
}
