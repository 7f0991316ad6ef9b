import type { HeldFile } from '../catalog/held-files.ts';
import type { PackageReader } from '../inspect/package-reader.ts';
import { FLUSH_TOGETHER } from '../io/flush.ts';
import { growSlowly } from '../jobs/grow-slowly.ts';
import { JobPool, threadsFor } from '../jobs/job-pool.ts';
import type { Manifest } from '../publish/manifest.ts';
import type { Move } from '../publish/stage.ts';
import { fingerprint } from '../render/fingerprint.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { Advisory } from '../standards/osv/advisory.ts';
import {
  type CardsByRepository,
  type Neighbours,
  type PageJob,
  type PageResult,
  type PageSettings,
  pageJobs,
} from './page-job.ts';
import { PagesStore } from './pages-manifest.ts';
import type { RepositoryCards } from './repository-cards.ts';
import type { KnownOrigins } from './shown-origins.ts';

/** Below so many projects a thread costs more, to start and to warm up, than it saves. A project takes some 5 ms. */
const WORTH_A_THREAD = 100;

interface StageInput {
  settings: PageSettings;
  manifest: Manifest;
  before: PagesStore;
  /** As they were; gets those that changed. */
  cards: RepositoryCards;
  heldOf: ReadonlyMap<string, readonly HeldFile[]>;
  packages: PackageReader;
  advisoriesOf: ReadonlyMap<string, readonly Advisory[]>;
  originOf: KnownOrigins['of'];
  /** Number of threads; decided by kho when absent. */
  jobs?: number;
}

interface StagedProjects {
  store: PagesStore;
  moves: Move[];
  written: number;
  /** See `Staged`. */
  toFlush: string[];
  /** Published before, and no longer; from the site's root. */
  removals: string[];
  /** Names of the projects whose pages may differ. */
  changed: string[];
}

/**
 * Stage the pages of projects: of those that changed, and of those whose pages tell of others that did. All cards are made before the first
 * page is, since a page tells what else its repository has.
 *
 * @param retold projects whose held files, or advisories, are others than before
 */
export async function stageProjects(
  touched: ReadonlySet<string>,
  retold: readonly string[],
  input: StageInput,
): Promise<StagedProjects> {
  const { manifest, before, cards, settings, packages, jobs } = input;
  const pool = new JobPool<PageJob, PageResult>({ kho: 'page-jobs', settings }, () => pageJobs(settings, packages));
  const grow = ({ size }: ReadonlySet<string>) => {
    const isMuch = size >= WORTH_A_THREAD;
    if (isMuch) growSlowly();
    return pool.grow(threadsFor(isMuch, jobs));
  };
  try {
    const made = new Map<string, CardsByRepository>();
    await grow(touched).run(cardJobs(touched, manifest), (result, { name }) => void made.set(name, result.cards));
    const changes = [...touched].map((name) => [before.cards(name), made.get(name) ?? {}] as const);
    for (const [old, now] of changes) cards.change(old, now);
    const changed = new Set([...touched, ...retold, ...cards.relatedTo(changes), ...cards.withOtherMachines()]);

    const result: StagedProjects = {
      ...{ store: new PagesStore(), moves: [], written: 0, toFlush: [], removals: [] },
      changed: [...changed],
    };
    for (const name of manifest.projects.names())
      if (!changed.has(name)) {
        const line = before.line(name);
        if (line !== undefined) result.store.setLine(name, line);
      }
    await grow(changed).run(stagingJobs(changed, made, input), (one, job) => collect(one, job, input, result));
    for (const name of before.names()) {
      if (!manifest.projects.has(name)) result.removals.push(...(before.get(name)?.published.keys() ?? []));
    }
    void pool.close();
    return result;
  } catch (error) {
    await pool.close();
    throw error;
  }
}

function* cardJobs(names: Iterable<string>, { projects }: Manifest): Generator<PageJob> {
  for (const name of names) {
    const line = projects.line(name);
    if (line !== undefined) yield { name: name as NormalizedName, line };
  }
}

/** @param made the cards of projects that changed themselves */
function* stagingJobs(
  names: Iterable<string>,
  made: ReadonlyMap<string, CardsByRepository>,
  { manifest, before, cards, heldOf, advisoriesOf, originOf }: StageInput,
): Generator<PageJob> {
  for (const job of cardJobs(names, manifest)) {
    const record = before.get(job.name);
    const own = made.get(job.name) ?? record?.cards ?? {};
    const neighbours: Record<string, Neighbours> = {};
    for (const [repository, { name, requires }] of Object.entries(own)) {
      neighbours[repository] = {
        listed: requires.filter((other) => cards.has(repository, other)),
        dependents: cards.dependents(repository, name),
        machines: cards.machines(repository),
      };
    }
    const held = heldOf.get(job.name) ?? [];
    const advisories = advisoriesOf.get(job.name) ?? [];
    const pagesBefore = { before: record?.published ?? new Map(), readmes: record?.readmes ?? {} };
    const origin = originOf(job.name);
    yield {
      ...job,
      pages: { cards: own, ...pagesBefore, held, advisories, neighbours, ...(origin && { origin }) },
    };
  }
}

function collect(
  { cards, staged, readmes }: PageResult,
  { name, line, pages }: PageJob,
  input: StageInput,
  into: StagedProjects,
): void {
  for (const [repository, card] of Object.entries(cards)) input.cards.replace(repository, card);
  for (const path of pages?.before.keys() ?? []) if (!staged.published.has(path)) into.removals.push(path);
  for (const move of staged.moves) into.moves.push(move);
  for (const path of staged.toFlush) if (into.toFlush.length <= FLUSH_TOGETHER) into.toFlush.push(path);
  into.written += staged.written;
  into.store.set(name, { source: fingerprint(line), cards, published: staged.published, readmes });
}
