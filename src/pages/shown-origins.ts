/** What came from where, for pages: whose the name of a project is, which of its files kho brought, and what is kept of other indexes. */
import type { Project } from '../catalog/model.ts';
import type { RepositoryConfig, SiteConfig, UpstreamSettings } from '../config/site-config.ts';
import { isAskedFor } from '../config/upstream-settings.ts';
import { isUndecided, judgeName } from '../names/judge-name.ts';
import { type Origin, originKey, readOrigins } from '../names/origins.ts';
import { type RememberedName, readNames } from '../names/own-names.ts';
import { groupLeftOut } from '../policy/left-out.ts';
import { fingerprint } from '../render/fingerprint.ts';
import type { KeptOfUpstream, KeptProject, ProjectOrigin, ShownOffer, ShownRules } from '../render/web/model.ts';
import { fileIdentity } from '../standards/file-identity.ts';
import type { NormalizedName } from '../standards/name.ts';
import { parseRequirement } from '../standards/requirement.ts';
import { withoutTrailing } from '../standards/trailing.ts';
import { withoutCredentials } from '../standards/without-credentials.ts';
import { believed } from './believed.ts';
import { KeptElsewhere, mayTellKept } from './kept-elsewhere.ts';
import type { JudgedPage, LeftOutPages } from './left-out-pages.ts';

/** So many projects of an upstream are listed on a repository's page. */
export const MOST_KEPT = 200;

/** What is told of one project in all repositories: plain data, for threads. */
export interface ToldOrigin {
  whose: ProjectOrigin['whose'];
  fetched: ProjectOrigin['fetched'];
  /** Of all upstreams. */
  kept: readonly KeptProject[];
  /** By repository, of those whose pages may tell it: what is not let in of the upstream that it passes on. */
  offers: Readonly<Record<string, JudgedOffer>>;
}

/** `unasked`: no page of any is kept. */
export type JudgedOffer = { is: 'unasked' } | ({ is: 'judged'; upstream: string } & JudgedPage);

export interface KnownOrigins {
  /** Undefined where nothing is to be told: most sites have nothing to do with other indexes. */
  of(name: string): ToldOrigin | undefined;
  /** Stands for all that pages tell of it; for each of these projects, and of repositories. */
  prints(names: Iterable<string>): Record<string, string>;
  keptIn(repository: RepositoryConfig): KeptOfUpstream[];
}

const NOTHING: KnownOrigins = { of: () => undefined, prints: () => ({}), keptIn: () => [] };

/** What is published of projects, and what is known of those of other indexes. */
export interface OriginSources {
  /** Absent where nothing of other indexes is judged. */
  judging?: LeftOutPages | undefined;
  /** Names of all files of a project that the site has. */
  filesOf: (project: string) => readonly string[];
}

export function knownOrigins(config: SiteConfig, { judging, filesOf }: OriginSources): KnownOrigins {
  const remembered = believed(() => readNames(config.root));
  const origins = believed(() => readOrigins(config.root).origins);
  // Where it cannot be believed whose names are, nothing is told of any.
  if (!remembered || !origins || (origins.size === 0 && config.upstreams.size === 0)) return NOTHING;
  const kept = new KeptElsewhere(config);
  const fetched = byProject([...origins.values()]);
  const offersOf = (name: NormalizedName): ToldOrigin['offers'] =>
    Object.fromEntries(
      config.repositories.flatMap((repository): [string, JudgedOffer][] => {
        if (!judging || !mayTellOffer(repository, config)) return [];
        const upstream = judging.upstreamOf(repository, name);
        if (!upstream) return [[repository.name, { is: 'unasked' }]];
        const page = judging.judged(upstream, name, filesOf(name));
        return page ? [[repository.name, { is: 'judged', upstream: upstream.name, ...page }]] : [];
      }),
    );
  const of = (name: string): ToldOrigin => {
    const whose = whoseName(name, config, remembered.get(name));
    const isOwn = whose === 'own' || whose === 'undecided';
    return {
      whose,
      offers: isOwn ? {} : offersOf(name as NormalizedName),
      fetched: Object.fromEntries(
        (fetched.get(name) ?? []).map((origin) => [originKey(origin), shownOrigin(origin, config)]),
      ),
      kept: isOwn
        ? []
        : [...config.upstreams.keys()].flatMap((upstream) => kept.of(upstream, name as NormalizedName) ?? []),
    };
  };
  return {
    of,
    prints: (names) => {
      const rules = rulesOf(config);
      return Object.fromEntries([...names].map((name) => [name, fingerprint([of(name), rules])]));
    },
    keptIn: (repository) =>
      (repository.upstreams ?? []).flatMap((upstream): KeptOfUpstream[] => {
        if (!mayTellKept(upstream, repository, config)) return [];
        const isTheirs = (name: string) => judgeName(name, config, remembered.get(name), false).is !== 'own';
        const names = kept.names(upstream).filter(isTheirs);
        const projects = names.slice(0, MOST_KEPT).flatMap((name) => kept.of(upstream, name) ?? []);
        return projects.length === 0
          ? []
          : [{ upstream, projects, more: names.length - Math.min(names.length, MOST_KEPT) }];
      }),
  };
}

/** As the pages of one repository tell it, as far as there is something to be told. */
export function originIn(
  told: ToldOrigin | undefined,
  { name, releases }: Pick<Project, 'name' | 'releases'>,
  repository: string,
  config: SiteConfig,
): { origin?: ProjectOrigin } {
  const of = config.repositories.find((each) => each.name === repository);
  if (!told || !of) return {};
  const { whose, fetched, kept } = told;
  const settings = (of.upstreams ?? []).flatMap((upstream) => config.upstreams.get(upstream) ?? []);
  const isAsked = whose === 'shared' || whose === 'upstream';
  return {
    origin: {
      ...{ whose, fetched },
      asked: isAsked ? settings.filter((each) => isAskedFor(each, name)).map((each) => rulesFor(name, each)) : [],
      passesOn: settings.length > 0,
      kept: kept.filter(({ upstream }) => mayTellKept(upstream, of, config)),
      offer: shownOffer(told.offers[repository], releases),
    },
  };
}

/** With files that the repository has under a name that the upstream gives to other bytes. */
function shownOffer(offer: JudgedOffer | undefined, releases: Project['releases']): ShownOffer {
  if (offer === undefined) return { is: 'untold' };
  if (offer.is === 'unasked') return offer;
  const { upstream, leftOut, twins, newest } = offer;
  const listed = releases.flatMap(({ version, files }) =>
    files.map(({ filename, sha256 }): [string, string] => [fileIdentity(filename, version), sha256]),
  );
  const ours = new Map(twins.length > 0 ? listed : []);
  const clashes = twins.filter(({ identity, sha256 }) => ours.has(identity) && ours.get(identity) !== sha256);
  const why = { kind: 'clash' } as const;
  return {
    ...{ is: 'known', upstream },
    leftOut: [...leftOut, ...groupLeftOut(clashes.map((file) => ({ file, why })))],
    ...(newest !== undefined && { newest }),
  };
}

/** As `mayTellKept`, of all that it passes on: which of them has a project is told by which of them was asked. */
function mayTellOffer(repository: RepositoryConfig, config: SiteConfig): boolean {
  return repository.upstreams?.every((upstream) => mayTellKept(upstream, repository, config)) === true;
}

/** By kho.toml alone: what each file comes to, `kho why` tells. */
function rulesFor(
  name: string,
  { name: upstream, cooldownMs, deny = [], allow, allowFrom }: UpstreamSettings,
): ShownRules {
  return {
    upstream,
    ...(cooldownMs !== undefined && { cooldownDays: Math.round((cooldownMs / 86_400_000) * 10) / 10 }),
    denied: deny.flatMap((text) => {
      const { name: denied, specifiers } = parseRequirement(text);
      return denied === name ? [specifiers || '*'] : [];
    }),
    onlyAllowed: allow !== undefined || allowFrom !== undefined,
  };
}

function rulesOf({ upstreams }: SiteConfig): unknown {
  return [...upstreams.values()].map(({ name, projects, cooldownMs, deny, allow, allowFrom }) => [
    ...[name, projects, cooldownMs, deny, allow !== undefined, allowFrom !== undefined],
  ]);
}

function whoseName(name: string, config: SiteConfig, remembered: RememberedName | undefined): ToldOrigin['whose'] {
  const origin = judgeName(name, config, remembered, false);
  return isUndecided(origin) ? 'undecided' : origin.is;
}

/** By its name in kho.toml, or as little of its address as says which it is. */
function shownOrigin({ index, fetched }: Origin, { upstreams }: SiteConfig): { from: string; day: string } {
  const plain = (url: string) => withoutTrailing(withoutCredentials(url), '/');
  const known = [...upstreams.values()].find(({ url }) => url !== undefined && plain(url) === plain(index));
  const host = URL.canParse(index) ? new URL(index).host : index;
  return { from: known?.name ?? host, day: fetched.slice(0, 'yyyy-mm-dd'.length) };
}

function byProject(origins: readonly Origin[]): Map<string, Origin[]> {
  const found = new Map<string, Origin[]>();
  for (const origin of origins) {
    const same = found.get(origin.project);
    if (same) same.push(origin);
    else found.set(origin.project, [origin]);
  }
  return found;
}
