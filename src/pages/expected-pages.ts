import type { Project } from '../catalog/model.ts';
import type { SiteConfig } from '../config/site-config.ts';
import type { Problem } from '../problems.ts';
import { inPlaceTarget } from '../publish/target.ts';
import type { Page } from '../render/page.ts';
import type { ProjectCard } from '../render/web/model.ts';
import { heldByProject } from './held-by-project.ts';
import { PageMaker } from './page-maker.ts';
import { projectCard } from './project-card.ts';
import { RepositoryCards } from './repository-cards.ts';
import { pagesSettings, siteContext } from './site-context.ts';
import { heldFiles, siteLists } from './site-lists.ts';

export interface ExpectedPage {
  /** `.` for pages of the whole site, whether it is a repository or not. */
  repository: string;
  page: Page;
}

/** All pages that a site ought to have, made without regard to what kho remembers of its last run. */
export async function expectedPages(
  config: SiteConfig,
  catalogs: readonly { repository: string; projects: readonly Project[] }[],
  problems: readonly Problem[],
): Promise<ExpectedPage[]> {
  const { site, shared } = await siteContext(config);
  const settings = pagesSettings(site, config);
  const held = heldFiles(problems);
  const heldOf = heldByProject(held);
  const maker = new PageMaker(site, settings, inPlaceTarget(config));
  const cards = new RepositoryCards(config.repositories.map(({ name }) => name));
  const known = new Map<Project, ProjectCard>();
  for (const { repository, projects } of catalogs) {
    for (const project of projects) {
      const card = projectCard(project, project.latest && (await maker.readBest(project.latest)));
      known.set(project, card);
      cards.add({ [repository]: card });
    }
  }
  const ofProjects = catalogs.flatMap(({ repository, projects }) =>
    projects.flatMap((project) =>
      maker
        .projectPages(repository, project, known.get(project) as ProjectCard, {
          lists: (name) => cards.has(repository, name),
          dependents: cards.dependents(repository, project.name),
          held: heldOf.get(project.name) ?? [],
        })
        .map((page) => ({ repository, page })),
    ),
  );
  const lists = siteLists({ config, site, settings, shared, cards: cards.sorted(), held });
  return [...ofProjects, ...[...lists].flatMap(([repository, pages]) => pages.map((page) => ({ repository, page })))];
}
