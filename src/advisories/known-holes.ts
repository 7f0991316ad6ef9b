/** What is known of one version, for people: each hole once, whatever databases tell of it under names of their own. */
import { type Advisory, affects, fixedVersions, isMalware } from '../standards/osv/advisory.ts';
import { LEVELS, type Level } from '../standards/osv/severity.ts';
import { compareVersions } from '../standards/version.ts';

export interface KnownHole {
  id: string;
  /** Sorted. */
  aliases: string[];
  isMalware: boolean;
  level?: Level;
  /** As it was given, where no level can be told of it. */
  severity?: string;
  summary: string;
  /** Versions that close it, the lowest first. */
  fixed: string[];
}

/** The worst first. */
export function knownHoles(advisories: readonly Advisory[], version: string): KnownHole[] {
  const groups: Advisory[][] = [];
  for (const advisory of advisories.filter((each) => affects(each, version))) {
    const same = groups.filter((group) => group.some((other) => isSame(advisory, other)));
    for (const group of same) groups.splice(groups.indexOf(group), 1);
    groups.push([...same.flat(), advisory]);
  }
  return groups.map((group) => joined(group, version)).sort((a, b) => weight(b) - weight(a) || (a.id < b.id ? -1 : 1));
}

/** Whether it is as bad as that, or worse. One of which nobody says how bad it is counts as the worst. */
export function isAtLeast({ isMalware: isEvil, level }: Pick<KnownHole, 'isMalware' | 'level'>, least: Level): boolean {
  return isEvil || level === undefined || LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}

/** `high`, `malware`, `unknown`. */
export function severityWord({
  isMalware: isEvil,
  level,
}: Pick<KnownHole, 'isMalware' | 'level'>): Level | 'malware' | 'unknown' {
  return isEvil ? 'malware' : (level ?? 'unknown');
}

function isSame(a: Advisory, b: Advisory): boolean {
  const names = new Set([a.id, ...a.aliases]);
  return [b.id, ...b.aliases].some((name) => names.has(name));
}

/** By the name of the one that says most: malware, then how bad it is. */
function joined(group: readonly Advisory[], version: string): KnownHole {
  const [first, ...others] = [...group].sort((a, b) => weightOf(b) - weightOf(a) || (a.id < b.id ? -1 : 1)) as [
    Advisory,
    ...Advisory[],
  ];
  const names = new Set(group.flatMap(({ id, aliases }) => [id, ...aliases]));
  names.delete(first.id);
  const summary = [first, ...others].map((each) => each.summary).find((text) => text !== '') ?? '';
  return {
    ...{ id: first.id, aliases: [...names].sort(), isMalware: group.some(isMalware), summary },
    ...(first.level ? { level: first.level } : first.severity !== undefined && { severity: first.severity }),
    fixed: [...new Set(group.flatMap((each) => fixedVersions(each, version)))].sort(compareVersions),
  };
}

function weightOf(advisory: Advisory): number {
  return weight({ isMalware: isMalware(advisory), ...(advisory.level && { level: advisory.level }) });
}

function weight({ isMalware: isEvil, level }: Pick<KnownHole, 'isMalware' | 'level'>): number {
  return isEvil ? LEVELS.length : level === undefined ? -1 : LEVELS.indexOf(level);
}
