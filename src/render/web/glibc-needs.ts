import { compareVersions } from '../../standards/version.ts';
import type { GlibcNeeds, ProjectCard } from './model.ts';

/** What the latest versions need of glibc, by platform, sorted. @param cards sorted by name */
export function glibcNeeds(cards: readonly Pick<ProjectCard, 'displayName' | 'coverage'>[]): GlibcNeeds[] {
  const byPlatform = new Map<string, { name: string; floor: string }[]>();
  for (const { displayName, coverage = [] } of cards) {
    for (const { platform, glibcFloor } of coverage) {
      if (glibcFloor === undefined) continue;
      const need = { name: displayName, floor: glibcFloor };
      const needsThere = byPlatform.get(platform);
      if (needsThere) needsThere.push(need);
      else byPlatform.set(platform, [need]);
    }
  }
  return [...byPlatform]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([platform, projects]) => {
      const floors = projects.map(({ floor }) => floor).sort(compareVersions);
      const most = floors.at(-1) as string;
      const mostOf = projects.filter(({ floor }) => compareVersions(floor, most) === 0).map(({ name }) => name);
      return { platform, least: floors[0] as string, most, mostOf };
    });
}

/** Of all together. @param parts each sorted by platform, in the order of the projects' names */
export function addGlibcNeeds(parts: readonly (readonly GlibcNeeds[])[]): GlibcNeeds[] {
  const byPlatform = new Map<string, GlibcNeeds>();
  for (const needs of parts.flat()) {
    const sum = byPlatform.get(needs.platform);
    byPlatform.set(needs.platform, sum ? addNeeds(sum, needs) : needs);
  }
  return [...byPlatform.values()].sort((a, b) => (a.platform < b.platform ? -1 : 1));
}

/** Of two spellings of one version the first is the least, and the last the most, as where all are sorted. */
function addNeeds(a: GlibcNeeds, b: GlibcNeeds): GlibcNeeds {
  const order = compareVersions(a.most, b.most);
  return {
    platform: a.platform,
    least: compareVersions(a.least, b.least) <= 0 ? a.least : b.least,
    most: order > 0 ? a.most : b.most,
    mostOf: [...(order >= 0 ? a.mostOf : []), ...(order <= 0 ? b.mostOf : [])],
  };
}
