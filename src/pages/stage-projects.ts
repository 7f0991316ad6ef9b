import { catalogProject } from '../build/project-job.ts';
import type { SiteConfig } from '../config/site-config.ts';
import type { Manifest, Published } from '../publish/manifest.ts';
import { nothingStaged, type Staged, type Stager } from '../publish/stage.ts';
import { fingerprint } from '../render/fingerprint.ts';
import type { HeldFile, ProjectCard } from '../render/web/model.ts';
import type { NormalizedName } from '../standards/name.ts';
import { heldFor } from './held-by-project.ts';
import type { PageMaker } from './page-maker.ts';
import { PagesStore } from './pages-manifest.ts';
import { projectCard, withCoverage } from './project-card.ts';
import type { RepositoryCards } from './repository-cards.ts';

interface StageInput {
  config: SiteConfig;
  manifest: Manifest;
  before: PagesStore;
  /** Gets the cards of all projects. */
  cards: RepositoryCards;
  heldOf: ReadonlyMap<string, readonly HeldFile[]>;
  maker: PageMaker;
  stager: Stager;
}

interface StagedProjects {
  store: PagesStore;
  staged: Staged;
  /** Published before, and no longer; from the site's root. */
  removals: string[];
  /** Names of the projects whose pages may differ. */
  changed: string[];
}

type CardsByRepository = Record<string, ProjectCard>;

/**
 * Stage the pages of projects: of those that changed, and of those whose pages tell of others that did. All cards are made before the first
 * page is, since a page tells what else its repository has.
 *
 * @param retold projects whose held files are others than before
 */
export async function stageProjects(
  touched: ReadonlySet<string>,
  retold: readonly string[],
  input: StageInput,
): Promise<StagedProjects> {
  const { manifest, before, cards } = input;
  const made = new Map<string, CardsByRepository>();
  for (const name of manifest.projects.names()) {
    if (touched.has(name)) made.set(name, await makeCards(name, input));
    cards.add(made.get(name) ?? before.cards(name));
  }
  const changes = [...touched].map((name) => [before.cards(name), made.get(name) ?? {}] as const);
  const changed = new Set([...touched, ...retold, ...cards.relatedTo(changes), ...cards.withOtherMachines()]);

  const result: StagedProjects = {
    store: new PagesStore(),
    staged: nothingStaged(),
    removals: [],
    changed: [...changed],
  };
  for (const name of manifest.projects.names()) {
    if (changed.has(name)) await stageProject(name, made.get(name), input, result);
    else result.store.copyFrom(before, name);
  }
  for (const name of before.names()) {
    if (!manifest.projects.has(name)) result.removals.push(...(before.get(name)?.published.keys() ?? []));
  }
  return result;
}

async function makeCards(name: string, input: StageInput): Promise<CardsByRepository> {
  const made: CardsByRepository = {};
  for (const [repository, project] of projectsOf(name, input)) {
    made[repository] = projectCard(project, project.latest && (await input.maker.readBest(project.latest)));
  }
  return made;
}

async function stageProject(
  name: string,
  made: CardsByRepository | undefined,
  input: StageInput,
  into: StagedProjects,
): Promise<void> {
  const { before, cards, config, heldOf, maker, stager, manifest } = input;
  const record = before.get(name);
  const publishedBefore: Published = record?.published ?? new Map();
  const ofProject = { ...(made ?? record?.cards) };
  const published: Published = new Map();
  for (const [repository, project] of projectsOf(name, input)) {
    const known = ofProject[repository];
    if (!known) continue;
    const held = heldFor(heldOf.get(name) ?? [], repository, config);
    const { card, coverage } = withCoverage(known, project, held, cards.machines(repository));
    ofProject[repository] = card;
    cards.replace(repository, card);
    const pages = maker.projectPages(repository, project, card, {
      lists: (other) => cards.has(repository, other),
      dependents: cards.dependents(repository, name),
      held,
      ...(coverage && { coverage }),
    });
    const staged: Staged = { ...into.staged, published };
    await stager.stage(repository, pages, publishedBefore, staged);
    into.staged.written = staged.written;
  }
  for (const path of publishedBefore.keys()) if (!published.has(path)) into.removals.push(path);
  const source = fingerprint(manifest.projects.line(name));
  into.store.set(name, { source, cards: ofProject, published });
}

function projectsOf(name: string, { manifest, config }: StageInput) {
  const files = manifest.projects.get(name)?.files ?? [];
  return catalogProject(name as NormalizedName, files, config).projects;
}
