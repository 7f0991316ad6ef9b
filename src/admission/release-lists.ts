/** Releases that kho.toml names, and those that files name which it names, by project. */

import { filesOfPattern } from '../needs/files-of-pattern.ts';
import { pinnedVersion } from '../needs/joined-needs.ts';
import { readNeedsFile } from '../needs/read-needs.ts';
import type { Needs, Wanted } from '../needs/wanted.ts';
import type { ReleaseRule } from '../policy/policy.ts';
import type { NormalizedName } from '../standards/name.ts';
import { parseRequirement } from '../standards/requirement.ts';

export type ReleaseLists = ReadonlyMap<NormalizedName, readonly ReleaseRule[]>;

/** As read, and what was read: changes of a file are found by reading it again. */
export interface NamedReleases {
  named: Needs;
  text: string;
}

/** @param texts requirements, checked */
export function rulesOf(texts: readonly string[]): ReleaseLists {
  return byName(texts.map(parseRequirement).map(({ name, specifiers }) => ({ name, rule: { specifiers } })));
}

/**
 * All that files name, for whatever machine. A project that a file limits besides (`-c`) is named within that limit only.
 *
 * @param setting as people know it: `allow_from of "public" in kho.toml`
 * @throws {KhoError} CONFIG, READ
 */
export async function readNamed(
  root: string,
  patterns: readonly string[],
  setting: string,
  loss: string,
): Promise<NamedReleases> {
  const paths = patterns.flatMap((pattern) => filesOfPattern(root, pattern, setting, loss));
  const texts: string[] = [];
  const named: Needs = { wanted: [], constraints: [], outside: [] };
  for (const path of [...new Set(paths)].sort()) {
    const { wanted, constraints } = (await readNeedsFile(path, (text) => texts.push(text))).named();
    named.wanted.push(...wanted.flatMap((each) => within(each, constraints)));
  }
  return { named, text: texts.join('\n') };
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
  const pinned = named.wanted.filter((wanted) => wanted.sha256s !== undefined || versionPinned(wanted) !== undefined);
  return byName(pinned.map((wanted) => ({ name: wanted.name, rule: ruleOf(wanted) })));
}

/** Versions that locks pin. */
export function versionsPinned({ named }: NamedReleases): ReadonlyMap<NormalizedName, readonly string[]> {
  const versions = new Map<NormalizedName, string[]>();
  for (const wanted of named.wanted) {
    const version = versionPinned(wanted);
    if (version !== undefined) versions.set(wanted.name, [...(versions.get(wanted.name) ?? []), version]);
  }
  return versions;
}

function versionPinned({ specifiers }: Wanted): string | undefined {
  return pinnedVersion({ specifiers: [specifiers], sha256s: [] });
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
