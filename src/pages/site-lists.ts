import type { HeldFile } from '../catalog/held-files.ts';
import { tellable, visibleFrom } from '../config/private-repositories.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import type { Problem } from '../problems.ts';
import { fingerprint } from '../render/fingerprint.ts';
import type { Page } from '../render/page.ts';
import { allPage } from '../render/web/all-page.ts';
import { allData, allIndex, type SiteProject } from '../render/web/all-projects.ts';
import { CHANGES_IN_FEED, type Change, changesPage, newestOf } from '../render/web/changes-page.ts';
import { feedXml } from '../render/web/feed.ts';
import { heldPage } from '../render/web/held-page.ts';
import { lostPage } from '../render/web/lost-page.ts';
import type { KeptOfUpstream, RepositoryCard, RepositoryMachines, SiteContext } from '../render/web/model.ts';
import { picturesOf } from '../render/web/pictures.ts';
import {
  ALL_INDEX,
  allDataPath,
  allPagePath,
  CHANGES_FEED,
  CHANGES_PAGE,
  HELD_PAGE,
  LOST_PAGE,
  listPagePath,
  PUBLISH_PAGE,
  platformsPagePath,
  searchDataPath,
} from '../render/web/places.ts';
import { type Covered, ofPlatformsPage, platformsPage, platformsPageCount } from '../render/web/platforms-page.ts';
import { publishPage } from '../render/web/publish-page.ts';
import { PROJECTS_PER_PAGE, type RepositoryPageData, repositoryPage } from '../render/web/repository-page.ts';
import { searchData } from '../render/web/search-data.ts';
import { shardsOf } from '../render/web/shards.ts';
import { sitePage } from '../render/web/site-page.ts';
import type { BinaryFacts } from '../standards/platforms/binary-facts.ts';
import { platformText } from '../standards/platforms/platform.ts';
import { addListSums, type ListSums } from './list-part.ts';
import type { RepositoryList } from './repository-cards.ts';
import type { KnownOrigins } from './shown-origins.ts';
import { type SharedFile, takesUploads } from './site-context.ts';

/** What came lately stands on the front page too, as one line where several repositories got the same. */
const CHANGES_ON_FRONT = 60;

export interface ListInputs {
  config: SiteConfig;
  site: SiteContext;
  settings: string;
  shared: readonly SharedFile[];
  /** By repository. */
  lists: ReadonlyMap<string, RepositoryList>;
  held: readonly HeldFile[];
  keptIn: KnownOrigins['keptIn'];
  machines(repository: string): RepositoryMachines;
}

/** By repository; `.` holds the pages of the whole site even where the site itself is no repository. */
export type PagesByRepository = Map<string, Page[]>;

type MakePage = (path: string, parts: readonly unknown[], render: () => string) => Page;

/** All pages that are about no single project: what others link to first, front pages last; those of the site after those of its repositories. */
export function siteLists(inputs: ListInputs): PagesByRepository {
  const { config, site, settings, shared } = inputs;
  const print = fingerprint(settings);
  const page: MakePage = (path, parts, render) => ({ path, inputs: fingerprint([print, path, ...parts]), render });
  const pages: PagesByRepository = new Map([['.', shared.map(({ path, content }) => page(path, [], () => content))]]);
  const listed = new Map<string, Listed>();
  for (const repository of config.repositories) {
    const { name } = repository;
    const own = pages.get(name) ?? [];
    pages.set(name, own);
    const list = inputs.lists.get(name);
    if (!list) continue;
    const of = {
      ...listedOf(repository, list, inputs.machines(name), takesUploads(repository, config)),
      kept: inputs.keptIn(repository),
    };
    listed.set(name, of);
    own.push(...repositoryPages(of, inputs, page));
  }
  const ofSite = pages.get('.') ?? [];
  pages.delete('.');
  const names = visibleFrom('.', config);
  const shownToAll = new Map([...listed].filter(([name]) => names.has(name)));
  const heldOfAll = tellable(inputs.held, '.', config);
  return pages.set('.', [
    ...ofSite,
    ...namesOfAll(site, shownToAll, page),
    ...sitePages(site, shownToAll, heldOfAll, page),
  ]);
}

/** What lists tell of one repository. */
interface Listed {
  card: RepositoryCard;
  list: RepositoryList;
  machines: RepositoryMachines;
  sums: ListSums;
  /** Of projects that are listed, sorted; prints and what they are there for by the same places. */
  names: string[];
  prints: string[];
  covered: Covered[];
  kept: readonly KeptOfUpstream[];
  /** Files of search data, from the repository's folder. */
  searchData: string[];
}

function listedOf(
  repository: RepositoryConfig,
  list: RepositoryList,
  machines: RepositoryMachines,
  mayUpload: boolean,
): Omit<Listed, 'kept'> {
  const { listed } = list;
  const sums = addListSums(listed.map((part) => part.sums));
  const names = listed.flatMap((part) => part.names);
  return {
    card: {
      ...repositoryCard(repository, names.length, sums, list.unlisted.sums),
      ...(mayUpload && { takesUploads: true as const }),
    },
    ...{ list, machines, sums, names },
    prints: listed.flatMap(({ prints }) => prints),
    covered: listed.flatMap(({ covered }) => covered),
    searchData: listed.map(({ key }) => searchDataPath(key)),
  };
}

function repositoryPages(of: Listed, { config, site, held }: ListInputs, page: MakePage): Page[] {
  const { name } = of.card;
  const searchPages = of.list.listed.map(({ key, names, prints }) =>
    page(searchDataPath(key), prints, () => searchData(of.list.cardsOf(names))),
  );
  if (name === '.')
    return [...searchPages, ...platformsPages(of, site, page), ...listPages(of, 0, site, page).slice(1)];
  const heldHere = tellable(held, name, config).filter(({ file }) => file.startsWith(`${name}/`));
  const { changes } = of.sums;
  return [
    ...searchPages,
    page(CHANGES_FEED, [changes], () => feedOf(site, name, changes)),
    page(CHANGES_PAGE, [changes], () => changesPage(site, name, changes)),
    page(HELD_PAGE, [heldHere], () => heldPage(site, name, heldHere)),
    ...platformsPages(of, site, page),
    ...(of.card.takesUploads ? [page(PUBLISH_PAGE, [], () => publishPage(site, name))] : []),
    ...listPages(of, heldHere.length, site, page).reverse(),
  ];
}

/** By their numbers: the first one, where the site is a repository, is another page. */
function listPages(of: Listed, held: number, site: SiteContext, page: MakePage): Page[] {
  const lists = split(of.names, PROJECTS_PER_PAGE);
  const prints = split(of.prints, PROJECTS_PER_PAGE);
  return lists.map((names, place) => {
    const number = place + 1;
    const data = {
      ...{ card: of.card, number, pages: lists.length, held, searchData: of.searchData, machines: of.machines },
      ...(number === 1 && { pictures: picturesOf(of.sums.pictures, of.machines) }),
      ...(number === 1 && of.kept.length > 0 && { kept: of.kept }),
    };
    return page(listPagePath(number), listInputs(data, prints[place] ?? []), () =>
      repositoryPage(site, { ...data, projects: of.list.cardsOf(names) }),
    );
  });
}

/** The last one first. */
function platformsPages(of: Listed, site: SiteContext, page: MakePage): Page[] {
  const everywhere = of.covered.filter((covered) => covered === 'everywhere').length;
  const pages = platformsPageCount(of.names.length - everywhere);
  return Array.from({ length: pages }, (_, place) => {
    const number = place + 1;
    const glibc = number === 1 ? of.sums.glibc : [];
    const data = { number, pages, everywhere, glibc, machines: of.machines };
    return page(platformsPagePath(number), [data, ofPlatformsPage(of.prints, of.covered, number)], () =>
      platformsPage(site, of.card.name, {
        ...data,
        projects: of.list.cardsOf(ofPlatformsPage(of.names, of.covered, number)),
      }),
    );
  }).reverse();
}

/** What search in all repositories looks through, and what stands for it without a script. */
function namesOfAll(site: SiteContext, listed: ReadonlyMap<string, Listed>, page: MakePage): Page[] {
  const places = placesOfAll(listed);
  const shards = shardsOf([...places.keys()].sort().map((name) => ({ name })));
  const projectsOf = (items: readonly { name: string }[]): SiteProject[] =>
    items.map(({ name }) => ({
      name,
      cards: (places.get(name) ?? []).flatMap(([repository]) =>
        (listed.get(repository)?.list.cardsOf([name]) ?? []).map((card) => ({ repository, card })),
      ),
    }));
  const repositories = site.repositories.map((name) => ({
    name,
    machines: listed.get(name)?.machines ?? { platforms: [], pythons: [] },
  }));
  const keys = shards.map(({ key, items }) => [key, items[0]?.name]);
  const made = shards.flatMap(({ key, items }, at) => {
    const print = fingerprint(items.map(({ name }) => places.get(name)));
    const ways = at === 0 ? keys : [shards[at - 1]?.key, shards[at + 1]?.key];
    return [
      page(allDataPath(key), [print], () => allData(projectsOf(items), site.repositories)),
      page(allPagePath(key), [print, ways], () => allPage(site, shards, at, projectsOf(items))),
    ];
  });
  return [...made.reverse(), page(ALL_INDEX, [repositories, keys], () => allIndex(repositories, shards))];
}

/** By project: in which repositories it is listed, and what stands for its card there. */
function placesOfAll(listed: ReadonlyMap<string, Listed>): Map<string, [repository: string, print: string][]> {
  const places = new Map<string, [string, string][]>();
  for (const [repository, { names, prints }] of listed) {
    names.forEach((name, at) => {
      const place: [string, string] = [repository, prints[at] as string];
      const others = places.get(name);
      if (others) others.push(place);
      else places.set(name, [place]);
    });
  }
  return places;
}

/** See `RepositoryPageData.card`. @param prints of the projects on it */
function listInputs(data: Omit<RepositoryPageData, 'projects'>, prints: readonly string[]): unknown[] {
  return [data.number === 1 ? data : { ...data, card: [data.card.name, data.card.takesUploads] }, ...prints];
}

function sitePages(
  site: SiteContext,
  listed: ReadonlyMap<string, Listed>,
  held: readonly HeldFile[],
  page: MakePage,
): Page[] {
  const newest = newestOf([...listed.values()].map(({ sums }) => sums.changes));
  const all = [...listed.values()].map(({ card }) => card);
  const data = {
    repositories: all.filter(({ name }) => name !== '.'),
    changes: newest.slice(0, CHANGES_ON_FRONT),
    held: held.length,
  };
  const of = listed.get('.');
  const own = of && {
    ...{ card: of.card, number: 1, held: held.length, searchData: of.searchData, machines: of.machines },
    pages: split(of.names, PROJECTS_PER_PAGE).length,
    pictures: picturesOf(of.sums.pictures, of.machines),
    ...(of.kept.length > 0 && { kept: of.kept }),
  };
  const shown = of?.names.slice(0, PROJECTS_PER_PAGE) ?? [];
  const prints = of?.prints.slice(0, PROJECTS_PER_PAGE) ?? [];
  return [
    page(LOST_PAGE, [], () => lostPage(site)),
    ...(site.uploadsTo ? [page(PUBLISH_PAGE, [], () => publishPage(site, '.'))] : []),
    page(CHANGES_FEED, [newest], () => feedOf(site, '.', newest)),
    page(CHANGES_PAGE, [newest], () => changesPage(site, '.', newest)),
    page(HELD_PAGE, [held], () => heldPage(site, '.', held)),
    page('index.html', [{ ...data, ...(own && { own: listInputs(own, prints) }) }], () =>
      sitePage(site, { ...data, ...(own && { own: { ...own, projects: of.list.cardsOf(shown) } }) }),
    ),
  ];
}

function feedOf(site: SiteContext, repository: string, changes: readonly Change[]): string {
  const title = repository === '.' ? site.title : `${repository} · ${site.title}`;
  const entries = changes.slice(0, CHANGES_IN_FEED);
  return feedXml(site, { repository, path: CHANGES_FEED, pagePath: CHANGES_PAGE, title, changes: entries });
}

/** @param hidden what lists leave out, though it takes room */
function repositoryCard(
  { name, include, platforms }: RepositoryConfig,
  projects: number,
  listed: ListSums,
  hidden: ListSums,
): RepositoryCard {
  return {
    ...{ name, projects, include },
    files: listed.files + hidden.files,
    bytes: listed.bytes + hidden.bytes,
    changedMs: Math.max(listed.changedMs, hidden.changedMs),
    platforms: listed.platforms,
    ...(platforms !== undefined && platforms !== 'everything' && { accepts: platforms.map(platformText) }),
    glibc: listed.glibc,
  };
}

/** At least one part, though it be empty. */
function split<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start === 0 || start < list.length; start += size) parts.push(list.slice(start, start + size));
  return parts;
}

/** Faults of files as pages show them, sorted by file. @param inside what is in them, by path from the site's root, where that is known */
export function heldFiles(problems: readonly Problem[], inside: ReadonlyMap<string, BinaryFacts>): HeldFile[] {
  return problems.map(({ file, code, what, hint }) => {
    const binaries = inside.get(file);
    return { file, code, what, hint, ...(binaries && { binaries }) };
  });
}
