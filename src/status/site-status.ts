/** How a site is, as far as whoever looks may read it. Nothing is written, no file of it opened but what kho wrote. */
import { listTokens } from '../access/edit-tokens.ts';
import { openAdvisories } from '../advisories/advisory-book.ts';
import { LIMITED_STORES, type LimitedStore, type SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { limitOf } from '../housekeeping/clear-stores.ts';
import { storeSize } from '../housekeeping/stores.ts';
import { freeBytes } from '../io/free-bytes.ts';
import { look } from '../io/open-file.ts';
import { unitOf } from '../io/process-is-alive.ts';
import { closeFolders } from '../io/reach.ts';
import { lockHolder } from '../publish/lock.ts';
import { publishedMs } from '../publish/manifest.ts';
import { isServiceAlive, readServiceNote, type ServiceNote } from '../publish/service-note.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { headToSign } from '../sync/heads-on-disk.ts';
import { type Following, readFollowing } from './follow-status.ts';
import { type RepositoryStatus, readRepositories, type WaitingFiles } from './read-repositories.ts';

export interface SiteState {
  /** The site's root. */
  site: string;
  /** Of `kho watch` or `kho serve`: the last that began and was not ended. */
  service?: ServiceNote & {
    /** Undefined for one on another machine. */
    isAlive?: boolean;
    /** Of systemd. */
    unit?: string;
  };
  /** Who publishes at this moment. */
  lock?: { pid: number; host: string; since: string; isDead: boolean };
  /** When something was published last; absent where nothing was, beside the packages. Milliseconds since 1970. */
  publishedMs?: number;
  repositories: RepositoryStatus[];
  waiting: WaitingFiles;
  /** In bytes; where only the owner of the site may look, there is no size. */
  stores: { name: LimitedStore; bytes?: number; limit?: number }[];
  /** Of the disks of the site and its packages that with the least room; without an end where the system does not say. */
  freeBytes: number;
  /** Absent where kho.toml asks for none; `newest` (ISO 8601, empty where none says) where some were ever read. */
  advisories?: { from: string; newest?: string; hasUpstreams: boolean };
  /** Absent where it follows nobody, or only the owner of the site may look. */
  following?: Following;
  /** Heads of repositories that others follow, which nobody has signed yet; since when, ISO 8601. */
  toSign: { repository: string; since: string }[];
  /** Absent where only the owner of the site may look. */
  tokens?: { damaged: number; tokens: { name: string; expiresMs?: number; madeMs: number }[] };
}

/** @throws {KhoError} READ for folders of packages that cannot be listed */
export function readSiteStatus(config: SiteConfig, now: number): SiteState {
  const { root } = config;
  closeFolders();
  inPlaceTarget(config);
  try {
    const note = readServiceNote(root);
    const isAlive = note && isServiceAlive(note);
    const unit = note && isAlive ? unitOf(note.pid) : undefined;
    const lock = lockHolder(root);
    const published = publishedMs(root);
    const tokens = ifReadable(() => listTokens(config));
    const following = ifReadable(() => readFollowing(config));
    return {
      site: root,
      ...(note && {
        service: { ...note, ...(isAlive !== undefined && { isAlive }), ...(unit !== undefined && { unit }) },
      }),
      ...(lock && { lock }),
      ...(published !== undefined && { publishedMs: published }),
      ...readRepositories(config, now),
      stores: LIMITED_STORES.map((name) => {
        const bytes = ifReadable(() => storeSize(config, name));
        const limit = limitOf(config, name);
        return { name, ...(bytes !== undefined && { bytes }), ...(limit !== undefined && { limit }) };
      }),
      freeBytes: leastRoom(config),
      ...(config.advisories && { advisories: advisoriesOf(config, config.advisories) }),
      ...(following && { following }),
      toSign: headsToSign(config),
      ...(tokens && {
        tokens: {
          damaged: tokens.damaged,
          tokens: tokens.tokens.map(({ name, expiresMs, madeMs }) => ({
            ...{ name, madeMs },
            ...(expiresMs !== undefined && { expiresMs }),
          })),
        },
      }),
    };
  } finally {
    closeFolders();
  }
}

function advisoriesOf(
  { root, upstreams }: SiteConfig,
  { from }: { from: string },
): NonNullable<SiteState['advisories']> {
  const newest = openAdvisories(root, from)?.about.newest;
  return { from, hasUpstreams: upstreams.size > 0, ...(newest !== undefined && { newest }) };
}

function headsToSign({ root, repositories }: SiteConfig): SiteState['toSign'] {
  return repositories.flatMap((repository) => {
    const waiting = ifReadable(() => headToSign(root, repository));
    return waiting ? [{ repository: repository.name, since: waiting.head.created }] : [];
  });
}

function leastRoom({ root, repositories }: SiteConfig): number {
  const folders = [root, ...repositories.flatMap(({ packages }) => packages ?? [])].filter((path) => look(path));
  return Math.min(...folders.map(freeBytes));
}

/** What is for the owner of the site alone, undefined for others. */
function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = (error instanceof KhoError ? (error.cause ?? {}) : (error as object)) as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return undefined;
    throw error;
  }
}
