/** Releases that kho.toml names, and those that files name which it names, by project. */

import type { Stats } from 'node:fs';
import { resolve } from 'node:path';
import { look } from '../io/open-file.ts';
import { pageStamp } from '../io/page-stamp.ts';
import { filesOfPattern } from '../needs/files-of-pattern.ts';
import { pinnedVersion } from '../needs/joined-needs.ts';
import { readNeedsFile } from '../needs/read-needs.ts';
import type { Needs, Wanted } from '../needs/wanted.ts';
import type { ReleaseRule } from '../policy/policy.ts';
import type { NormalizedName } from '../standards/name.ts';
import { parseRequirement } from '../standards/requirement.ts';

export type ReleaseLists = ReadonlyMap<NormalizedName, readonly ReleaseRule[]>;

/** What files name, and their state when they were read, those too that they name in turn. */
export interface NamedReleases {
  named: Needs;
  /** By path; a file that is gone has none. */
  stamps: ReadonlyMap<string, string>;
}

/** @param texts requirements, checked */
export function rulesOf(texts: readonly string[]): ReleaseLists {
  return byName(texts.map(parseRequirement).map(({ name, specifiers }) => ({ name, rule: { specifiers } })));
}

/** Files that a setting of kho.toml names, as people know it: `allow_from of "public" in kho.toml`; `loss` would be without it. */
export interface ListSetting {
  root: string;
  patterns: readonly string[];
  setting: string;
  loss: string;
}

/**
 * All that files name, for whatever machine. A project that a file limits besides (`-c`) is named within that limit only.
 *
 * @param before what was read the last time: it still holds as long as all files are as they were
 * @throws {KhoError} CONFIG, READ
 */
export async function readNamed(
  { root, patterns, setting, loss }: ListSetting,
  before?: NamedReleases,
): Promise<NamedReleases> {
  const paths = [...new Set(patterns.flatMap((pattern) => filesOfPattern(root, pattern, setting, loss)))].sort();
  if (before && paths.every((path) => before.stamps.has(path)) && isCurrent(before)) return before;
  const stamps = new Map<string, string>();
  const named: Needs = { wanted: [], constraints: [], outside: [] };
  for (const path of paths) {
    stamps.set(path, stampOf(path));
    const onText = (_: string, each: string) => void stamps.set(each, stampOf(each));
    const { wanted, constraints } = (await readNeedsFile(path, onText)).named();
    named.wanted.push(...wanted.flatMap((each) => within(each, constraints)));
  }
  return { named, stamps };
}

/** A file more, in a pattern, is found by its path; one less too, since all that were read have to be there. */
function isCurrent({ stamps }: NamedReleases): boolean {
  return [...stamps].every(([path, stamp]) => stamp !== '' && stampOf(path) === stamp);
}

/** Relative paths are from where kho was started, as the reader has them. */
function stampOf(path: string): string {
  const stats = statOf(resolve(path));
  return stats ? pageStamp(stats) : '';
}

function statOf(path: string): Stats | undefined {
  try {
    return look(path);
  } catch {
    return undefined;
  }
}

function within(wanted: Wanted, constraints: readonly Wanted[]): Wanted[] {
  const limits = constraints.filter(({ name }) => name === wanted.name);
  if (limits.length === 0) return [wanted];
  return limits.map(({ specifiers }) => ({
    ...wanted,
    specifiers: [wanted.specifiers, specifiers].filter((text) => text !== '').join(','),
  }));
}

export function rulesNamed({ named }: NamedReleases): ReleaseLists {
  return byName(named.wanted.map((wanted) => ({ name: wanted.name, rule: ruleOf(wanted) })));
}

/** Of those only what is pinned, or named by its hash: a name alone would let in whatever comes next. */
export function rulesPinned({ named }: NamedReleases): ReleaseLists {
  const isPinned = ({ specifiers, sha256s }: Wanted) => (sha256s ?? pinnedVersion([specifiers])) !== undefined;
  const pinned = named.wanted.filter(isPinned);
  return byName(pinned.map((wanted) => ({ name: wanted.name, rule: ruleOf(wanted) })));
}

/** Versions that locks pin. */
export function versionsPinned({ named }: NamedReleases): ReadonlyMap<NormalizedName, readonly string[]> {
  const versions = new Map<NormalizedName, string[]>();
  for (const wanted of named.wanted) {
    const version = pinnedVersion([wanted.specifiers]);
    if (version !== undefined) versions.set(wanted.name, [...(versions.get(wanted.name) ?? []), version]);
  }
  return versions;
}

function ruleOf({ specifiers, sha256s }: Wanted): ReleaseRule {
  return { specifiers, ...(sha256s && { sha256s }) };
}

export function joined(...lists: readonly ReleaseLists[]): ReleaseLists {
  return byName(lists.flatMap((list) => [...list].flatMap(([name, rules]) => rules.map((rule) => ({ name, rule })))));
}

function byName(named: readonly { name: NormalizedName; rule: ReleaseRule }[]): ReleaseLists {
  const rules = new Map<NormalizedName, ReleaseRule[]>();
  for (const { name, rule } of named) {
    const before = rules.get(name);
    if (before) before.push(rule);
    else rules.set(name, [rule]);
  }
  return rules;
}
