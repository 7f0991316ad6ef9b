import type { HeldFile } from '../catalog/held-files.ts';
import { machineChoices } from '../catalog/machine-choices.ts';
import type { Project } from '../catalog/model.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { PackageReader } from '../inspect/package-reader.ts';
import type { Problem } from '../problems.ts';
import { inPlaceTarget } from '../publish/target.ts';
import type { Page } from '../render/page.ts';
import type { ProjectCard, ProjectCoverage } from '../render/web/model.ts';
import { heldByProject, heldFor } from './held-by-project.ts';
import { namedMachines } from './known-fits.ts';
import { LeftOutPages } from './left-out-pages.ts';
import { PageMaker, type Relations } from './page-maker.ts';
import { readPagesHeader } from './pages-manifest.ts';
import { projectCard, withCoverage } from './project-card.ts';
import { ReadmeCache } from './readme-cache.ts';
import { RepositoryCards } from './repository-cards.ts';
import { knownForPages } from './shown-holes.ts';
import { knownOrigins, originIn } from './shown-origins.ts';
import { seenElsewhere } from './siblings.ts';
import { pagesSettings, siteContext } from './site-context.ts';
import { heldFiles, siteLists } from './site-lists.ts';

export interface ExpectedPage {
  /** `.` for pages of the whole site, whether it is a repository or not. */
  repository: string;
  page: Page;
}

interface CheckedCatalog {
  repository: string;
  projects: readonly Project[];
  held: ReadonlyMap<string, readonly HeldFile[]>;
}

/** One project, by repository. */
interface Everywhere {
  projects: Map<string, Project>;
  cards: Record<string, ProjectCard>;
}

/**
 * All pages that a site ought to have, made without regard to what kho remembers of its last run, but for descriptions that it rendered.
 *
 * @param root of the published site
 * @param judgedMs when its pages were judged: `PagesHeader`
 */
export async function expectedPages(
  config: SiteConfig,
  root: string,
  catalogs: readonly CheckedCatalog[],
  problems: readonly Problem[],
  judgedMs = judgedAt(root),
): Promise<ExpectedPage[]> {
  const { site, shared } = await siteContext(config);
  const settings = pagesSettings(site, config);
  const inCatalogs = catalogs.flatMap((catalog) => [...catalog.held.values()].flat());
  const inside = new Map(inCatalogs.flatMap(({ file, binaries }) => (binaries ? [[file, binaries] as const] : [])));
  const held = heldFiles(problems, inside);
  const heldOf = heldByProject(held);
  const maker = new PageMaker(
    site,
    settings,
    inPlaceTarget(config),
    new PackageReader(),
    new ReadmeCache(root, { mayWrite: false }),
  );
  const cards = new RepositoryCards(config.repositories.map(({ name }) => name));
  const cardOfProject = new Map<Project, ProjectCard>();
  for (const { repository, projects } of catalogs) {
    for (const project of projects) {
      const card = projectCard(project, project.latest && (await maker.readBest(project.latest)));
      cardOfProject.set(project, card);
      cards.change({}, { [repository]: card });
    }
  }
  /** By name, then by repository. */
  const everywhere = new Map<string, Everywhere>();
  const coverages = new Map<Project, ProjectCoverage | undefined>();
  for (const { repository, projects } of catalogs) {
    for (const project of projects) {
      const heldHere = heldFor(heldOf.get(project.name) ?? [], repository, config);
      const machines = cards.machines(repository);
      const { card, coverage } = withCoverage(cardOfProject.get(project) as ProjectCard, project, heldHere, machines);
      coverages.set(project, coverage);
      const none: Everywhere = { projects: new Map(), cards: {} };
      const one = everywhere.get(project.name) ?? none;
      everywhere.set(project.name, one);
      one.projects.set(repository, project);
      one.cards[repository] = card;
    }
  }
  for (const { cards: made } of everywhere.values())
    for (const [repository, card] of Object.entries(made)) cards.replace(repository, card);
  const advisoriesOf = knownForPages(config).ofSite((name) => everywhere.has(name));
  const filesOf = (name: string) => {
    const inAll = [...(everywhere.get(name)?.projects.values() ?? [])].flatMap(({ releases }) => releases);
    return [...new Set(inAll.flatMap(({ files }) => files.map(({ filename }) => filename)))].sort();
  };
  const judging = await LeftOutPages.open(config, { nowMs: judgedMs, has: (name) => everywhere.has(name) });
  const origins = knownOrigins(config, { judging, filesOf });
  const describe = (repository: string, project: Project): [ProjectCard, Relations] => {
    const heldHere = heldFor(heldOf.get(project.name) ?? [], repository, config);
    const coverage = coverages.get(project);
    const one = everywhere.get(project.name) as Everywhere;
    const relations: Relations = {
      lists: (name) => cards.has(repository, name),
      dependents: cards.dependents(repository, project.name),
      held: heldHere,
      choices: machineChoices(project, heldHere, namedMachines(cards.machines(repository))),
      advisories: advisoriesOf.get(project.name) ?? [],
      ...(coverage && { coverage }),
      ...originIn(origins.of(project.name), project, repository, config),
      ...seenElsewhere(repository, one, config),
    };
    return [one.cards[repository] as ProjectCard, relations];
  };
  const ofProjects = catalogs.flatMap(({ repository, projects }) =>
    projects.flatMap((project) =>
      maker.projectPages(repository, project, ...describe(repository, project)).map((page) => ({ repository, page })),
    ),
  );
  const lists = siteLists({
    ...{ config, site, settings, shared, lists: cards.lists(), held, keptIn: origins.keptIn },
    machines: (name) => cards.machines(name),
  });
  return [...ofProjects, ...[...lists].flatMap(([repository, pages]) => pages.map((page) => ({ repository, page })))];
}

/** What is too young then may not be so now, and no page tells of the time that has passed since. */
function judgedAt(root: string): number {
  return readPagesHeader(root)?.judgedMs ?? Date.now();
}
