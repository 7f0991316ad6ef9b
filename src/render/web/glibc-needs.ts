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
