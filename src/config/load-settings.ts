/**
 * kho.toml, checked as far as that is possible without a look at the disk.
 *
 * Brings a TOML parser with it: load it (`await import`) only when there is a kho.toml.
 */

import { isUtf8 } from 'node:buffer';
import { khoVersion } from '../kho-version.ts';
import { FormatError } from '../problems.ts';
import { type NormalizedName, normalizeName } from '../standards/name.ts';
import { type Platform, readArchitecture, readPlatform } from '../standards/platforms/platform.ts';
import { readProjectPattern } from '../standards/project-pattern.ts';
import { quoted } from '../standards/quoted.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { readBucket } from './bucket-settings.ts';
import { checkSettings, type SettingsFault } from './check-settings.ts';
import { readFollow } from './follow-settings.ts';
import { readMirrorOrders } from './mirror-settings.ts';
import { unmetNeed } from './needed-version.ts';
import { EVERYTHING } from './platform-faults.ts';
import { type Position, readToml, TomlFault, type TomlTable } from './read-toml.ts';
import { repositoryNameFault } from './repository-name.ts';
import type { Settings } from './schema.ts';
import {
  DEFAULT_KEEP_FREE,
  LIMITED_STORES,
  type MirrorOrders,
  type ProjectSettings,
  type PruneRules,
  type SiteSettings,
  type UploadSettings,
  type UpstreamSettings,
} from './site-config.ts';
import { readSize } from './size.ts';
import { readUpstreams } from './upstream-settings.ts';

/** In bytes. */
export const SETTINGS_LIMIT = TEXT_LIMITS.settingsBytes;

/** Of an upload, in bytes; PyPI takes 100 MB unless asked, and the biggest wheels of all are near 4 GB. */
const DEFAULT_MAX_FILE = 2 * 1024 ** 3;

export interface LoadedSettings {
  title?: string;
  /** As written. */
  url?: string;
  site: SiteSettings;
  /** By name, in the order of kho.toml. */
  repositories: Map<string, RepositorySettings>;
  upstreams: Map<string, UpstreamSettings>;
  faults: SettingsFault[];
  /** False when the file could not be read to its end: then what is not in here may be in there. */
  isUnderstood: boolean;
  /** The version of kho that it needs, where this one is older: then nothing else of it was looked at. */
  unmetNeed?: string;
}

export interface RepositorySettings {
  position: Position;
  include: { name: string; position: Position }[];
  upstreams: { name: string; position: Position }[];
  platforms?: Platform[] | 'everything';
  /** By architecture, `*` being all others. */
  glibc?: { [architecture: string]: string };
  musl?: string;
  /** All of these are false when left out. */
  retag: boolean;
  private: boolean;
  onlyRunnable: boolean;
  sync: boolean;
  sign: boolean;
  overwrite: boolean;
  prune?: PruneRules;
  mirror?: MirrorOrders;
  projects: Map<NormalizedName, ProjectSettings>;
}

/** @param version of this kho */
export function loadSettings(bytes: Uint8Array, version: string = khoVersion()): LoadedSettings {
  const repositories = new Map<string, RepositorySettings>();
  const upstreams = new Map<string, UpstreamSettings>();
  try {
    const root = readToml(decode(bytes));
    const needed = unmetNeed(root, version);
    if (needed !== undefined)
      return { site: {}, repositories, upstreams, faults: [], isUnderstood: false, unmetNeed: needed };
    const { settings, faults } = checkSettings(root);
    for (const [name, repository] of settings.repositories ?? []) {
      const path = ['repositories', name];
      const position = positionOf(root, path);
      const wrong = repositoryNameFault(name);
      if (wrong) faults.push({ position, message: `A repository cannot be called ${quoted(name)}: ${wrong}` });
      repositories.set(name, {
        position,
        include: readNamed(root, path, 'include'),
        upstreams: readNamed(root, path, 'upstreams'),
        onlyRunnable: repository.only_runnable ?? false,
        ...(repository.platforms && { platforms: readPlatforms(repository.platforms) }),
        ...(repository.glibc !== undefined && { glibc: readFloors(repository.glibc) }),
        ...(repository.musl !== undefined && { musl: repository.musl }),
        retag: repository.retag ?? false,
        private: repository.private ?? false,
        sync: repository.sync ?? false,
        sign: repository.sign ?? false,
        overwrite: repository.overwrite ?? false,
        ...(repository.prune && { prune: readPruneRules(repository.prune) }),
        ...(repository.mirror && { mirror: readMirrorOrders(repository.mirror) }),
        projects: readProjects(root, path, repository.projects ?? new Map(), faults),
      });
    }
    const { title, url, files_immutable, absolute_urls, precompress, trusted_proxies, upstream, locks } = settings;
    const {
      pages,
      language,
      remote_images,
      connections_per_address,
      ignore,
      logo,
      colour,
      upload,
      own,
      shared,
      limits,
      cache,
      advisories,
      follow,
      publish,
      bucket,
    } = settings;
    return {
      ...(title !== undefined && { title }),
      ...(url !== undefined && { url }),
      site: {
        ...(files_immutable !== undefined && { filesImmutable: files_immutable }),
        ...(absolute_urls !== undefined && { absoluteUrls: absolute_urls }),
        ...(precompress !== undefined && { precompress }),
        ...(trusted_proxies !== undefined && { trustedProxies: trusted_proxies }),
        ...(connections_per_address !== undefined && { connectionsPerAddress: connections_per_address }),
        ...(upstream !== undefined && { upstream }),
        ...(own !== undefined && { own: readPatterns(own) }),
        ...(shared !== undefined && { shared: readPatterns(shared) }),
        ...(pages !== undefined && { pages }),
        ...(language !== undefined && { language }),
        ...(remote_images !== undefined && { remoteImages: remote_images }),
        ...(ignore !== undefined && { ignore }),
        ...(logo !== undefined && { logo }),
        ...(colour !== undefined && { colour }),
        ...(upload?.enabled && { upload: readUpload(upload) }),
        ...(locks !== undefined && { locks }),
        ...(limits && { limits: readLimits(limits) }),
        ...(cache && { cache: readCache(cache) }),
        ...(advisories?.from !== undefined && { advisories: { from: advisories.from } }),
        ...(follow && { follow: readFollow(follow) }),
        ...(publish !== undefined && { publish }),
        ...(bucket && { bucket: readBucket(bucket) }),
      },
      repositories,
      upstreams: readUpstreams(
        settings.upstreams ?? new Map(),
        (name) => positionOf(root, ['upstreams', name]),
        faults,
      ),
      faults,
      isUnderstood: true,
    };
  } catch (error) {
    if (!(error instanceof TomlFault)) throw error;
    return {
      site: {},
      repositories,
      upstreams,
      faults: [{ position: error.position, message: error.message }],
      isUnderstood: false,
    };
  }
}

type PruneSettings = NonNullable<ReturnType<NonNullable<Settings['repositories']>['get']>>['prune'];

function readPruneRules(settings: NonNullable<PruneSettings>): PruneRules {
  const { keep_versions, keep_days, prereleases_days, dev_days, keep, max_share } = settings;
  return {
    ...(keep_versions !== undefined && { keepVersions: keep_versions }),
    ...(keep_days !== undefined && { keepDays: keep_days }),
    ...(prereleases_days !== undefined && { prereleasesDays: prereleases_days }),
    ...(dev_days !== undefined && { devDays: dev_days }),
    ...(keep !== undefined && { keep }),
    ...(max_share !== undefined && { maxShare: max_share }),
  };
}

function decode(bytes: Uint8Array): string {
  if (bytes.length > SETTINGS_LIMIT)
    throw new TomlFault(`The file is longer than ${SETTINGS_LIMIT.toLocaleString('en')} bytes`, { line: 1, column: 1 });
  const text = new TextDecoder().decode(bytes);
  if (isUtf8(bytes)) return text;
  const before = text.slice(0, text.indexOf('\ufffd')).split('\n');
  throw new TomlFault('The file is not UTF-8', { line: before.length, column: before.at(-1)!.length + 1 });
}

function readUpload({ max_file, keep_free, allow_http }: NonNullable<Settings['upload']>): UploadSettings {
  return {
    maxFile: (max_file === undefined ? undefined : readSize(max_file)) ?? DEFAULT_MAX_FILE,
    keepFree: (keep_free === undefined ? undefined : readSize(keep_free)) ?? DEFAULT_KEEP_FREE,
    allowHttp: allow_http ?? false,
  };
}

function readCache({ max, min_free }: NonNullable<Settings['cache']>): NonNullable<SiteSettings['cache']> {
  const most = max === undefined ? undefined : readSize(max);
  const free = min_free === undefined ? undefined : readSize(min_free);
  return { ...(most !== undefined && { max: most }), ...(free !== undefined && { minFree: free }) };
}

function readLimits(limits: NonNullable<Settings['limits']>): NonNullable<SiteSettings['limits']> {
  return Object.fromEntries(
    LIMITED_STORES.flatMap((store) => (limits[store] ? [[store, readSize(limits[store])]] : [])),
  );
}

/** Read from the tree and not from the checked values, because each needs its position. Items that are no text were reported. */
function readNamed(root: TomlTable, path: string[], key: string): RepositorySettings['include'] {
  const node = find(root, [...path, key])?.node;
  if (node?.type !== 'list') return [];
  return node.items.flatMap((item) => (item.type === 'text' ? [{ name: item.text, position: item.position }] : []));
}

/** They have been checked. */
function readPatterns(texts: readonly string[]): string[] {
  return texts.flatMap((text) => readProjectPattern(text) ?? []);
}

/** They have been checked. */
function readPlatforms(texts: readonly string[]): Platform[] | 'everything' {
  if (texts.includes(EVERYTHING)) return 'everything';
  return texts.flatMap((text) => readPlatform(text) ?? []);
}

function readFloors(glibc: string | Map<string, string>): { [architecture: string]: string } {
  if (typeof glibc === 'string') return { '*': glibc };
  return Object.fromEntries([...glibc].map(([name, floor]) => [readArchitecture(name, 'glibc') ?? name, floor]));
}

function readProjects(
  root: TomlTable,
  path: string[],
  projects: Map<string, ProjectSettings>,
  faults: SettingsFault[],
): Map<NormalizedName, ProjectSettings> {
  const result = new Map<NormalizedName, ProjectSettings>();
  const spelled = new Map<NormalizedName, string>();
  for (const [written, settings] of projects) {
    const position = positionOf(root, [...path, 'projects', written]);
    try {
      const name = normalizeName(written);
      const other = spelled.get(name);
      if (other !== undefined)
        faults.push({ position, message: `${quoted(written)} is the same project as ${quoted(other)}` });
      spelled.set(name, written);
      result.set(name, settings);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      faults.push({ position, message: error.message });
    }
  }
  return result;
}

function positionOf(root: TomlTable, path: string[]): Position {
  return find(root, path)?.keyPosition ?? root.position;
}

function find(root: TomlTable, path: string[]) {
  let entry: ReturnType<TomlTable['entries']['get']>;
  let table: TomlTable | undefined = root;
  for (const key of path) {
    entry = table?.entries.get(key);
    table = entry?.node.type === 'table' ? entry.node : undefined;
  }
  return entry;
}
