/**
 * All projects of the site, each once, and what search in all repositories looks through: scripts, since a page opened from a disk may load
 * those, and no other data.
 *
 * The first calls `khoAll` with the repositories (name, and the platforms that its wheels name, in one text) and the parts (key, and the name
 * that it begins with). Each part calls `khoNames` with its projects, as lists: normalized name, name as written, summary, keywords in one
 * text, and of each latest version, the newest first, a list: the version, then the places of the repositories that have it. 0 stands for what is absent.
 */
import { compareVersions } from '../../standards/version.ts';
import type { ProjectCard, RepositoryMachines } from './model.ts';
import { scriptValue } from './search-data.ts';
import type { Shard } from './shards.ts';

export interface SiteProject {
  /** Normalized. */
  name: string;
  /** Of each repository that lists it, in the order of the site's. Not empty. */
  cards: { repository: string; card: ProjectCard }[];
}

export function allIndex(
  repositories: readonly { name: string; machines: RepositoryMachines }[],
  shards: readonly Shard<{ name: string }>[],
): string {
  const places = repositories.map(({ name, machines }) => [name, machines.platforms.join(' ')]);
  const parts = shards.map(({ key, items }) => [key, items[0]?.name ?? '']);
  return `khoAll(${scriptValue(places)},${scriptValue(parts)});\n`;
}

/** @param repositories names, in the order of the index */
export function allData(projects: readonly SiteProject[], repositories: readonly string[]): string {
  const rows = projects.map(({ name, cards }) => {
    const [first] = cards as [SiteProject['cards'][0]];
    const { displayName, summary, keywords } = first.card;
    return [
      name,
      displayName === name ? 0 : displayName,
      summary ?? 0,
      keywords.join(' ') || 0,
      versionsOf(cards, repositories),
    ];
  });
  return `khoNames(${scriptValue(rows)});\n`;
}

/** `["1.0", 0, 2]`: the newest first. */
function versionsOf(cards: SiteProject['cards'], repositories: readonly string[]): (string | number)[][] {
  const byVersion = new Map<string | 0, (string | number)[]>();
  for (const { repository, card } of cards) {
    const version = card.latest ?? 0;
    const spellings = byVersion.get(version) ?? [version];
    spellings.push(repositories.indexOf(repository));
    byVersion.set(version, spellings);
  }
  const newestFirst = ([a]: (string | number)[], [b]: (string | number)[]) =>
    a && b ? compareVersions(String(b), String(a)) : Number(a === 0) - Number(b === 0);
  return [...byVersion.values()].sort(newestFirst);
}
