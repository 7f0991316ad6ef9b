/** pdm.lock: flat, with the groups and the marker of each package. What `pdm install` brings: all groups in it. */
import { markerOf, nameOf, sha256sOf, tablesOf, textOf, type Values } from './lock-values.ts';
import { holds, type NeedsFile, NO_OPTIONS, noNeeds } from './wanted.ts';

/** @throws {FormatError} `bad-metadata` */
export function readPdmLock(lock: Values, from: string): NeedsFile {
  const packages = tablesOf(lock['package']).map((each) => ({
    ...{ name: nameOf(each['name']), version: textOf(each['version']), marker: markerOf(each['marker']) },
    isOutside: ['git', 'url', 'path'].some((key) => each[key] !== undefined),
    sha256s: sha256sOf(tablesOf(each['files']).map((file) => file['hash'])),
  }));
  return {
    isLocked: true,
    options: NO_OPTIONS,
    needsOf(environments) {
      const needs = noNeeds();
      for (const { name, version, marker, isOutside, sha256s } of packages) {
        if (version === undefined || !holds(marker, environments)) continue;
        if (isOutside) needs.outside.push(`${name} (${from})`);
        else needs.wanted.push({ name, extras: [], from, specifiers: `==${version}`, ...(sha256s && { sha256s }) });
      }
      // With extras a package is in it twice.
      needs.wanted = [
        ...new Map(needs.wanted.map((wanted) => [`${wanted.name}${wanted.specifiers}`, wanted])).values(),
      ];
      return needs;
    },
  };
}
