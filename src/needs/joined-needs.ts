/** What several files ask for, taken together. */

import type { PipOptions } from '../catalog/candidate.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { Wanted } from './wanted.ts';

/** Undefined when there are no sets. */
export function inAll([first, ...others]: readonly ReadonlySet<string>[]): ReadonlySet<string> | undefined {
  return first && new Set([...first].filter((each) => others.every((set) => set.has(each))));
}

/** What locks pin of each project. */
export function lockedVersions(wanted: readonly Wanted[]): Map<NormalizedName, Set<string>> {
  const versions = new Map<NormalizedName, Set<string>>();
  for (const { name, specifiers } of wanted) versions.set(name, (versions.get(name) ?? new Set()).add(specifiers));
  return versions;
}

export function joinOptions(all: readonly PipOptions[]): PipOptions {
  return {
    pre: all.some(({ pre }) => pre),
    preferBinary: all.some(({ preferBinary }) => preferBinary),
    onlyBinary: new Set(all.flatMap(({ onlyBinary }) => [...onlyBinary])),
    noBinary: new Set(all.flatMap(({ noBinary }) => [...noBinary])),
  };
}

/** @param specifiers those that have to hold together */
export function pinnedVersion(specifiers: readonly string[]): string | undefined {
  return specifiers.flatMap((text) => /^===?\s*([^,*\s]+)$/.exec(text)?.[1] ?? [])[0];
}
