import type { HeldFile } from '../catalog/held-files.ts';
import { tellable, visibleFrom } from '../config/private-repositories.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import type { Problem } from '../problems.ts';
import { fingerprint } from '../render/fingerprint.ts';
import type { Page } from '../render/page.ts';
import { allPage } from '../render/web/all-page.ts';
import { allData, allIndex, allProjects } from '../render/web/all-projects.ts';
import {
  CHANGES_IN_FEED,
  CHANGES_SHOWN,
  type Change,
  changesPage,
  newestChanges,
  sortChanges,
} from '../render/web/changes-page.ts';
import { feedXml } from '../render/web/feed.ts';
import { glibcNeeds } from '../render/web/glibc-needs.ts';
import { heldPage } from '../render/web/held-page.ts';
import { lostPage } from '../render/web/lost-page.ts';
import type { ProjectCard, RepositoryCard, RepositoryMachines, SiteContext } from '../render/web/model.ts';
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
import { platformsPage, platformsPageCount } from '../render/web/platforms-page.ts';
import { publishPage } from '../render/web/publish-page.ts';
import { PROJECTS_PER_PAGE, type RepositoryPageData, repositoryPage } from '../render/web/repository-page.ts';
import { searchData } from '../render/web/search-data.ts';
import { shardsOf } from '../render/web/shards.ts';
import { sitePage } from '../render/web/site-page.ts';
import type { BinaryFacts } from '../standards/platforms/binary-facts.ts';
import { platformText } from '../standards/platforms/platform.ts';
import { type SharedFile, takesUploads } from './site-context.ts';

/** What came lately stands on the front page too, as one line where several repositories got the same. */
const CHANGES_ON_FRONT = 60;

export interface ListInputs {
  config: SiteConfig;
  site: SiteContext;
  settings: string;
  shared: readonly SharedFile[];
  /** By repository: its projects sorted by name, quarantined ones too. */
  cards: ReadonlyMap<string, readonly ProjectCard[]>;
  held: readonly HeldFile[];
  machines(repository: string): RepositoryMachines;
}

/** By repository; `.` holds the pages of the whole site even where the site itself is no repository. */
export type PagesByRepository = Map<string, Page[]>;

/** All pages that are about no single project: what others link to first, front pages last; those of the site after those of its repositories. */
export function siteLists(inputs: ListInputs): PagesByRepository {
  const { config, site, settings, shared, held } = inputs;
  const print = fingerprint(settings);
  const page = (path: string, parts: readonly unknown[], render: () => string): Page => ({
    path,
    inputs: fingerprint([print, path, ...parts]),
    render,
  });
  const printOf = printer();
  const pages: PagesByRepository = new Map([['.', shared.map(({ path, content }) => page(path, [], () => content))]]);
  const all: Change[] = [];
  const summaries: RepositoryCard[] = [];

  for (const repository of config.repositories) {
    const { name } = repository;
    const cards = (inputs.cards.get(name) ?? []).filter((card) => !card.unlisted);
    const changes = newestChanges(name, cards, CHANGES_SHOWN);
    const summary = repositoryCard(repository, inputs.cards.get(name) ?? [], takesUploads(repository, config));
    if (!repository.private) {
      all.push(...changes);
      summaries.push(summary);
    }
    const parts = shardsOf(cards);
    const searchFiles = parts.map(({ key }) => searchDataPath(key));
    const lists = split(cards, PROJECTS_PER_PAGE);
    const own = pages.get(name) ?? [];
    pages.set(name, own);
    for (const { key, items } of parts) {
      own.push(page(searchDataPath(key), items.map(printOf), () => searchData(items)));
    }
    const machines = inputs.machines(name);
    const covered = cards.flatMap(({ name, displayName, latest, coverage }) =>
      coverage ? [[name, displayName, latest, coverage]] : [],
    );
    const platforms = Array.from({ length: platformsPageCount(cards) }, (_, place) =>
      page(platformsPagePath(place + 1), [machines, cards.length, covered], () =>
        platformsPage(site, name, cards, machines, place + 1),
      ),
    ).reverse();
    if (name !== '.' && summary.takesUploads) own.push(page(PUBLISH_PAGE, [], () => publishPage(site, name)));
    if (name !== '.') {
      const heldHere = tellable(held, name, config).filter(({ file }) => file.startsWith(`${name}/`));
      own.push(
        page(CHANGES_FEED, [changes], () => feedOf(site, name, changes)),
        page(CHANGES_PAGE, [changes], () => changesPage(site, name, changes)),
        page(HELD_PAGE, [heldHere], () => heldPage(site, name, heldHere)),
        ...platforms,
        ...lists.toReversed().map((projects, place) => {
          const number = lists.length - place;
          const data = {
            ...{ card: summary, projects, number, pages: lists.length },
            ...{ held: heldHere.length, searchData: searchFiles, machines },
            ...(number === 1 && { pictures: picturesOf(cards, machines) }),
          };
          return page(listPagePath(number), listInputs(data, printOf), () => repositoryPage(site, data));
        }),
      );
    } else {
      own.push(
        ...platforms,
        ...lists.slice(1).map((projects, place) => {
          const number = place + 2;
          const data = {
            ...{ card: summary, projects, number, pages: lists.length },
            ...{ held: 0, searchData: searchFiles, machines },
          };
          return page(listPagePath(number), listInputs(data, printOf), () => repositoryPage(site, data));
        }),
      );
    }
  }
  const ofSite = pages.get('.') ?? [];
  pages.delete('.');
  const shownToAll = publicInputs(inputs);
  const allNames = namesOfAll(shownToAll, page, printOf);
  return pages.set('.', [...ofSite, ...allNames, ...sitePages(shownToAll, summaries, sortChanges(all), page, printOf)]);
}

/** What pages of the whole site are made of. */
function publicInputs(inputs: ListInputs): ListInputs {
  const { config, cards, held } = inputs;
  const names = visibleFrom('.', config);
  return {
    ...inputs,
    cards: new Map([...cards].filter(([name]) => names.has(name))),
    held: tellable(held, '.', config),
  };
}

type MakePage = (path: string, parts: readonly unknown[], render: () => string) => Page;

/** What search in all repositories looks through, and what stands for it without a script. */
function namesOfAll({ site, cards, machines }: ListInputs, page: MakePage, printOf: CardPrint): Page[] {
  const shards = shardsOf(allProjects(cards));
  const repositories = site.repositories.map((name) => ({ name, machines: machines(name) }));
  const keys = shards.map(({ key, items }) => [key, items[0]?.name]);
  const made = shards.flatMap(({ key, items }, at) => {
    const prints = items.map((project) => project.cards.map(({ repository, card }) => [repository, printOf(card)]));
    const print = fingerprint(prints);
    const ways = at === 0 ? keys : [shards[at - 1]?.key, shards[at + 1]?.key];
    return [
      page(allDataPath(key), [print], () => allData(items, site.repositories)),
      page(allPagePath(key), [print, ways], () => allPage(site, shards, at)),
    ];
  });
  return [...made.reverse(), page(ALL_INDEX, [repositories, keys], () => allIndex(repositories, shards))];
}

/** See `RepositoryPageData.card`. */
function listInputs({ projects, ...data }: RepositoryPageData, printOf: CardPrint): unknown[] {
  return [data.number === 1 ? data : { ...data, card: data.card.name }, ...projects.map(printOf)];
}

/** Stands for all that a card says. */
type CardPrint = (card: ProjectCard) => string;

/** Each card stands on several pages, and there are thousands. */
function printer(): CardPrint {
  const prints = new Map<ProjectCard, string>();
  return (card) => {
    let print = prints.get(card);
    if (print === undefined) {
      print = fingerprint(card);
      prints.set(card, print);
    }
    return print;
  };
}

function sitePages(
  { site, held, cards, machines }: ListInputs,
  summaries: readonly RepositoryCard[],
  changes: readonly Change[],
  page: MakePage,
  printOf: CardPrint,
): Page[] {
  const newest = changes.slice(0, CHANGES_SHOWN);
  const card = summaries.find(({ name }) => name === '.');
  const listed = (cards.get('.') ?? []).filter(({ unlisted }) => !unlisted);
  const own = card && {
    ...{ card, projects: listed.slice(0, PROJECTS_PER_PAGE), number: 1, held: held.length },
    pages: split(listed, PROJECTS_PER_PAGE).length,
    searchData: shardsOf(listed).map(({ key }) => searchDataPath(key)),
    machines: machines('.'),
    pictures: picturesOf(listed, machines('.')),
  };
  const data = {
    repositories: summaries.filter(({ name }) => name !== '.'),
    changes: newest.slice(0, CHANGES_ON_FRONT),
    held: held.length,
    ...(own && { own }),
  };
  return [
    page(LOST_PAGE, [], () => lostPage(site)),
    ...(site.uploadsTo ? [page(PUBLISH_PAGE, [], () => publishPage(site, '.'))] : []),
    page(CHANGES_FEED, [newest], () => feedOf(site, '.', newest)),
    page(CHANGES_PAGE, [newest], () => changesPage(site, '.', newest)),
    page(HELD_PAGE, [held], () => heldPage(site, '.', held)),
    page('index.html', [{ ...data, ...(own && { own: listInputs(own, printOf) }) }], () => sitePage(site, data)),
  ];
}

function feedOf(site: SiteContext, repository: string, changes: readonly Change[]): string {
  const title = repository === '.' ? site.title : `${repository} · ${site.title}`;
  const entries = changes.slice(0, CHANGES_IN_FEED);
  return feedXml(site, { repository, path: CHANGES_FEED, pagePath: CHANGES_PAGE, title, changes: entries });
}

function repositoryCard(
  { name, include, platforms }: RepositoryConfig,
  cards: readonly ProjectCard[],
  mayUpload: boolean,
): RepositoryCard {
  const sum = (of: (card: ProjectCard) => number) => cards.reduce((total, card) => total + of(card), 0);
  const listed = cards.filter(({ unlisted }) => !unlisted);
  return {
    name,
    projects: listed.length,
    files: sum(({ files }) => files),
    bytes: sum(({ bytes }) => bytes),
    changedMs: cards.reduce((latest, { changedMs }) => Math.max(latest, changedMs), 0),
    platforms: [...new Set(listed.flatMap(({ platforms }) => platforms))].sort(),
    include,
    ...(mayUpload && { takesUploads: true as const }),
    ...(platforms !== undefined && platforms !== 'everything' && { accepts: platforms.map(platformText) }),
    glibc: glibcNeeds(listed),
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
