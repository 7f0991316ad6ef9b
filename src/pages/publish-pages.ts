import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { privateNames } from '../config/private-repositories.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { foreignPage, spareForeignPages } from '../index/list-pages.ts';
import type { PackageReader } from '../inspect/package-reader.ts';
import { look } from '../io/open-file.ts';
import { readPageStamp } from '../io/page-stamp.ts';
import { temporaryName } from '../io/temporary-name.ts';
import type { Problem } from '../problems.ts';
import { baseGeneration } from '../publish/added-records.ts';
import { applyPlan } from '../publish/apply.ts';
import { lockSite } from '../publish/lock.ts';
import { type Manifest, type Published, readGeneration } from '../publish/manifest.ts';
import { PAGES_FOLDER } from '../publish/own-files.ts';
import { type Move, nothingStaged, Stager } from '../publish/stage.ts';
import { locate, splitRepository, type Target } from '../publish/target.ts';
import { fingerprint } from '../render/fingerprint.ts';
import { heldByProject, insideOfHeld } from './held-by-project.ts';
import { LeftOutPages } from './left-out-pages.ts';
import {
  type PagesHeader,
  PagesStore,
  pagesJournal,
  readPagesHeader,
  readPagesStore,
  writePages,
} from './pages-manifest.ts';
import { sweepReadmes } from './readme-cache.ts';
import { removePages } from './remove-pages.ts';
import { type KeptParts, RepositoryCards, type RepositoryList } from './repository-cards.ts';
import { knownForPages } from './shown-holes.ts';
import { knownOrigins } from './shown-origins.ts';
import { pagesSettings, siteContext } from './site-context.ts';
import { heldFiles, siteLists } from './site-lists.ts';
import { stageProjects } from './stage-projects.ts';

export interface PagesInput {
  config: SiteConfig;
  target: Target;
  /** Of the indexes as they stand. */
  manifest: Manifest;
  /** What changed since the manifest of that generation. */
  since: { generation: string; names: readonly string[] };
  problems: readonly Problem[];
  /** May have kept what was read of them for the indexes. */
  packages: PackageReader;
  /** Number of threads; decided by kho when absent. */
  jobs?: number;
  onWait?: (holder: string) => void;
}

export interface PagesReport {
  written: number;
  unchanged: number;
  removed: number;
  /** Front pages that somebody else wrote. */
  notes: Problem[];
}

/**
 * Publish the pages for people, after the indexes: of projects that changed and of those that have to do with them. Like the
 * indexes they are staged beside the site, and moved under the lock.
 *
 * @throws {KhoError} when they could not be published; indexes, and what stood before, still stand
 */
export async function publishPages(input: PagesInput): Promise<PagesReport> {
  const { config, target, manifest, problems, jobs } = input;
  if (config.pages === false) {
    const isFirst = input.since.generation === '';
    const removed = await removePages(config, target, { isFirst, ...(input.onWait && { onWait: input.onWait }) });
    return { written: 0, unchanged: 0, removed, notes: [] };
  }
  const { site, shared } = await siteContext(config);
  const settings = pagesSettings(site, config);
  const held = heldFiles(problems, insideOfHeld(problems, manifest));
  const heldPrint = fingerprint(held);
  const known = knownForPages(config);
  const judgedMs = Date.now();
  const judging = await LeftOutPages.open(config, {
    ...{ nowMs: judgedMs, memory: target.root },
    has: (name) => manifest.projects.has(name),
  });
  const filesOf = (name: string) =>
    [...new Set((manifest.projects.get(name)?.files ?? []).map(({ path }) => basename(path)))].sort();
  const origins = knownOrigins(config, { judging, filesOf });
  const originPrints = origins.prints(manifest.projects.names());
  const originPrint = fingerprint([originPrints, config.repositories.map((each) => origins.keptIn(each))]);
  judging?.keep();
  const header = readPagesHeader(target.root);
  const journal = pagesJournal(target.root);
  const left = journal.read();
  const repositories = config.repositories.map(({ name }) => name);
  const present = new Set(['.', ...repositories]);
  const isThere = (path: string) => present.has(splitRepository(path).repository);
  const stands = left === undefined && header !== undefined && rootsStand(header.roots, target, isThere);
  const sameSettings = header?.settings === settings;
  const isToldSame = header?.held === heldPrint && header.advisories === known.print && header.origins === originPrint;
  if (stands && sameSettings && header.generation === manifest.generation && isToldSame) {
    const notes = header.foreign.flatMap((path) => foreignPage(path, target, header) ?? []);
    if (notes.length === header.foreign.length)
      // else somebody made room for a page of kho's own
      return { written: 0, unchanged: header.pages + header.roots.size, removed: 0, notes };
  }

  const pagesBefore = header && readPagesStore(target.root, header);
  const before = pagesBefore ?? new PagesStore();
  const heldOf = heldByProject(held);
  const touched = new Set(left === 'all' ? [] : left);
  for (const name of findTouched(input, before, {
    sameSettings: sameSettings && pagesBefore !== undefined,
    stands,
    header,
  }))
    touched.add(name);
  const advisoriesOf = known.ofSite((name) => manifest.projects.has(name));
  const retold = [
    ...(header?.held === heldPrint ? [] : [...(header?.heldNames ?? []), ...heldOf.keys()]),
    ...(header?.origins === originPrint ? [] : othersThan(header?.originPrints ?? {}, originPrints)),
    ...(header?.advisories === known.print ? [] : [...(header?.holeNames ?? []), ...advisoriesOf.keys()]),
  ];

  const stager = new Stager(target, temporaryName(), config.precompress);
  try {
    const cards = new RepositoryCards(repositories, before.parts, (name) => before.cards(name));
    const out = target.copies && { root: target.root, link: target.copies.link };
    const { store, removals, changed, ...staged } = await stageProjects(touched, retold, {
      settings: { ...{ config, stagingName: stager.name, site, inputs: settings }, ...(out && { out }) },
      ...{ manifest, before, cards, heldOf, advisoriesOf, originOf: origins.of, packages: input.packages },
      ...(jobs !== undefined && { jobs }),
    });
    const roots = nothingStaged();
    const knownRoots: Published = header?.roots ?? new Map();
    const lists = cards.lists();
    const pages = siteLists({
      ...{ config, site, settings, shared, lists, held, keptIn: origins.keptIn },
      machines: (name) => cards.machines(name),
    });
    const notes = spareForeignPages(pages, target, { roots: knownRoots });
    for (const [repository, ofRepository] of pages) await stager.stage(repository, ofRepository, knownRoots, roots);
    const foreign = new Set(notes.map(({ file }) => file));
    for (const path of knownRoots.keys()) if (!roots.published.has(path) && !foreign.has(path)) removals.push(path);

    const written = staged.written + roots.written;
    const newHeader: PagesHeader = {
      ...{ generation: manifest.generation, run: randomBytes(9).toString('base64url'), settings, held: heldPrint },
      privates: privateNames(config),
      ...{ advisories: known.print, holeNames: [...advisoriesOf.keys()] },
      ...{ origins: originPrint, originPrints, ...(judging && { judgedMs }) },
      ...{ heldNames: [...heldOf.keys()], foreign: [...foreign], roots: roots.published, pages: store.countPages() },
    };
    const total = newHeader.pages + roots.published.size;
    const unlock = await lockSite(target.root, input.onWait ? { onWait: input.onWait } : {});
    try {
      // Another run has seen to it meanwhile, or will, with what it found. Single projects that were published since have their pages in the next.
      const isMine =
        baseGeneration(readGeneration(target.root)) === baseGeneration(manifest.generation) &&
        readPagesHeader(target.root)?.run === header?.run;
      if (!isMine) return { written: 0, unchanged: total, removed: 0, notes };
      const applied = await applyPlan({
        ...{ target, journal, changing: changed },
        toFlush: [...staged.toFlush, ...roots.toFlush],
        folders: [...new Set(['.', ...repositories].map((repository) => target.folderOf(repository)))],
        moves: inOrder(staged.moves, roots.moves, new Set(shared.map(({ path }) => path)), target),
        removals: removals.filter(isThere),
        owned: {
          ...{ repositories: present, folders: [PAGES_FOLDER] },
          isRoot: (path) => roots.published.has(path),
          lists: (repository, project) => cards.has(repository, project),
          published: (project) => store.get(project)?.published,
          unsure: pagesBefore === undefined ? 'all' : (left ?? new Set()),
        },
        remember: () => writePages(target.root, newHeader, store, keptParts(lists)),
      });
      sweepReadmes(target.root, store.readmes());
      return { written, unchanged: total - written, removed: applied.removed, notes: [...notes, ...applied.notes] };
    } finally {
      unlock();
    }
  } finally {
    stager.close(['.', ...repositories].filter((name) => look(target.folderOf(name))));
  }
}

/** Names of which something else is told by now. */
function othersThan(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) => before[name] !== now[name]);
}

function keptParts(lists: ReadonlyMap<string, RepositoryList>): Record<string, KeptParts> {
  return Object.fromEntries([...lists].map(([name, { listed, unlisted }]) => [name, { listed, unlisted }]));
}

/** Style and script, then projects, new pages before those that may link to them already, then lists. */
function inOrder(ofProjects: Move[], ofLists: Move[], shared: ReadonlySet<string>, target: Target): Move[] {
  const isNew = new Map(ofProjects.map((move) => [move, !look(locate(target, move.to))]));
  return [
    ...ofLists.filter(({ to }) => shared.has(to)),
    ...ofProjects.filter((move) => isNew.get(move)),
    ...ofProjects.filter((move) => !isNew.get(move)),
    ...ofLists.filter(({ to }) => !shared.has(to)),
  ];
}

/** Names of the projects whose pages have to be looked at, those that are gone too. */
function findTouched(
  { manifest, since }: PagesInput,
  before: PagesStore,
  { sameSettings, stands, header }: { sameSettings: boolean; stands: boolean; header: PagesHeader | undefined },
): string[] {
  if (!sameSettings) return [...manifest.projects.names(), ...before.names()];
  const gone = [...before.names()].filter((name) => !manifest.projects.has(name));
  if (stands && header?.generation === since.generation) return [...since.names, ...gone];
  if (!stands) return [...manifest.projects.names(), ...gone]; // somebody took pages away, and maybe more than lists
  const differs = (name: string) => before.get(name)?.source !== fingerprint(manifest.projects.line(name) as string);
  return [...[...manifest.projects.names()].filter(differs), ...gone];
}

/** Whether lists and style are there as kho wrote them. If so, nobody has removed whole folders of pages, and the rest need not be looked at. */
function rootsStand(roots: Published, target: Target, isThere: (path: string) => boolean): boolean {
  return [...roots].every(([path, [stamp]]) => !isThere(path) || stamp === readPageStamp(locate(target, path)));
}
