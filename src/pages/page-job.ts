import type { HeldFile } from '../catalog/held-files.ts';
import { machineChoices } from '../catalog/machine-choices.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { catalogProject } from '../index/project-job.ts';
import { PackageReader } from '../inspect/package-reader.ts';
import { makeAgainLater } from '../publish/make-again.ts';
import { PROJECT_RECORDS, type Published } from '../publish/manifest.ts';
import { nothingStaged, type Staged, Stager } from '../publish/stage.ts';
import { folderTarget, inPlaceTarget } from '../publish/target.ts';
import type { ProjectCard, RepositoryMachines, SiteContext } from '../render/web/model.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { Advisory } from '../standards/osv/advisory.ts';
import { heldFor } from './held-by-project.ts';
import { namedMachines } from './known-fits.ts';
import { PageMaker, type Relations } from './page-maker.ts';
import { projectCard, withCoverage } from './project-card.ts';
import { ReadmeCache } from './readme-cache.ts';
import { originIn, type ToldOrigin } from './shown-origins.ts';
import { seenElsewhere } from './siblings.ts';

export type CardsByRepository = Record<string, ProjectCard>;

/** One project in all repositories of the site. */
export interface PageJob {
  name: NormalizedName;
  /** Its line in the manifest. */
  line: string;
  /** What its pages tell besides: with it they are staged. Without it only cards are made. */
  pages?: {
    cards: CardsByRepository;
    before: Published;
    /** See `PageResult`. */
    readmes: Readonly<Record<string, string>>;
    held: readonly HeldFile[];
    advisories: readonly Advisory[];
    origin?: ToldOrigin;
    /** By repository. */
    neighbours: Record<string, Neighbours>;
  };
}

/** What the other projects of a repository mean for the pages of one. */
export interface Neighbours {
  /** Normalized names of what it needs, as far as the repository lists it. */
  listed: readonly string[];
  /** Projects that need it: sorted. */
  dependents: readonly string[];
  machines: RepositoryMachines;
}

export interface PageResult {
  cards: CardsByRepository;
  /** By repository the fingerprint of the description that its page shows: see `ReadmeCache`. */
  readmes: Record<string, string>;
  staged: Staged;
}

/** What all jobs of a pass have in common; plain data, so that threads can be told. */
export interface PageSettings {
  config: SiteConfig;
  /** With --out: the folder to publish to, and whether packages get there as hard links. */
  out?: { root: string; link: boolean };
  /** The name of the hidden folders to stage in. */
  stagingName: string;
  site: SiteContext;
  /** All that every page depends on, as text. */
  inputs: string;
}

/** What a thread runs jobs with. @param packages may have kept what was read of them for the indexes */
export function pageJobs({ config, out, stagingName, site, inputs }: PageSettings, packages = new PackageReader()) {
  const source = inPlaceTarget(config);
  const target = out ? folderTarget(out.root, out.link) : source;
  const stager = new Stager(target, stagingName, config.precompress);
  const maker = new PageMaker(site, inputs, source, packages, new ReadmeCache(target.root));

  return async ({ name, line, pages }: PageJob): Promise<PageResult> => {
    const files = PROJECT_RECORDS.parse(line)?.files ?? [];
    const { projects } = catalogProject(name, files, config);
    const cards: CardsByRepository = {};
    const readmes: Record<string, string> = {};
    const staged = nothingStaged();
    if (!pages) {
      for (const [repository, project] of projects)
        cards[repository] = byItself(projectCard(project, project.latest && (await maker.readBest(project.latest))));
      return { cards, staged, readmes };
    }
    const told = new Map<string, Pick<Relations, 'held' | 'coverage' | 'choices'>>();
    for (const [repository, project] of projects) {
      const cardBefore = pages.cards[repository];
      const neighbours = pages.neighbours[repository];
      if (!cardBefore || !neighbours) continue;
      const held = heldFor(pages.held, repository, config);
      const { card, coverage } = withCoverage(cardBefore, project, held, neighbours.machines);
      cards[repository] = card;
      const choices = machineChoices(project, held, namedMachines(neighbours.machines));
      told.set(repository, { held, choices, ...(coverage && { coverage }) });
    }
    for (const [repository, project] of projects) {
      const own = told.get(repository);
      const neighbours = pages.neighbours[repository];
      if (!own || !neighbours) continue;
      const listed = new Set(neighbours.listed);
      const made = maker.projectPages(repository, project, cards[repository] as ProjectCard, {
        ...{ ...own, ...seenElsewhere(repository, { cards, projects }, config) },
        ...originIn(pages.origin, project, repository, config),
        ...{ lists: (other) => listed.has(other), dependents: neighbours.dependents, advisories: pages.advisories },
      });
      await stager.stage(repository, made, pages.before, staged);
      const readme = maker.takeReadme() ?? pages.readmes[repository]; // else the page stands as it was
      if (readme !== undefined) readmes[repository] = readme;
    }
    if (pages && files.some(({ unseen }) => unseen)) makeAgainLater(staged.published, pages.before);
    return { cards, staged, readmes };
  };
}

/** A card whose texts are no parts of a package's metadata any more: a part keeps the whole in memory, and the cards of all projects are. */
function byItself(card: ProjectCard): ProjectCard {
  return JSON.parse(JSON.stringify(card));
}
