/** What all lock files come to: pinned packages, and which of them are installed on a machine. */

import { NO_OPTIONS } from '../catalog/candidate.ts';
import type { MarkerEnvironment } from '../standards/marker.ts';
import type { NormalizedName } from '../standards/name.ts';
import { type Needs, type NeedsFile, noNeeds, type Wanted, withoutExtras } from './wanted.ts';

export interface LockedPackage {
  name: NormalizedName;
  /** Absent where the lock does not pin it. */
  version?: string;
  isOutside: boolean;
  sha256s?: ReadonlySet<string>;
}

/**
 * @param installed those that its tool would install; extras and groups that nobody asks for are off in the environments
 * @param from the name of the lock
 */
export function lockedFile<Package extends LockedPackage>(
  packages: readonly Package[],
  installed: (environments: readonly MarkerEnvironment[]) => ReadonlySet<Package>,
  from: string,
  notes: readonly string[] = [],
): NeedsFile {
  return {
    isLocked: true,
    options: NO_OPTIONS,
    notes,
    needsOf: (environments) => lockedNeeds(packages, installed(withoutExtras(environments)), from),
    named: () => lockedNeeds(packages, new Set(packages), from),
  };
}

/** Of those packages that are reached, each version once: a lock may name it once for each of its extras. */
function lockedNeeds<Package extends LockedPackage>(
  packages: readonly Package[],
  reached: ReadonlySet<Package>,
  from: string,
): Needs {
  const needs = noNeeds();
  const wanted = new Map<string, { each: Wanted; sha256s: Set<string> | undefined }>();
  for (const each of packages.filter((one) => reached.has(one))) {
    const { name, version, isOutside, sha256s } = each;
    if (isOutside) {
      needs.outside.push(`${name} (${from})`);
      continue;
    }
    const specifiers = version === undefined ? '' : `==${version}`;
    const key = `${name}${specifiers}`;
    const lockedFile = wanted.get(key);
    if (lockedFile === undefined)
      wanted.set(key, { each: { name, extras: [], from, specifiers }, sha256s: sha256s && new Set(sha256s) });
    else if (sha256s === undefined) lockedFile.sha256s = undefined;
    else for (const one of sha256s) lockedFile.sha256s?.add(one);
  }
  needs.wanted = [...wanted.values()].map(({ each, sha256s }) => ({ ...each, ...(sha256s && { sha256s }) }));
  return needs;
}
