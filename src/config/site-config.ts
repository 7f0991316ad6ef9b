import type { Language } from '../standards/languages.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { Platform } from '../standards/platforms/platform.ts';
import type { ProjectStatus } from '../standards/simple-api/types.ts';
import type { BucketSettings } from './bucket-settings.ts';

/** What kho.toml says of the site as a whole, as it stands there. */
export interface SiteSettings {
  /** A picture, as a path from the site's root. */
  logo?: string;
  /** `#2c6a3a`: see own-colour.ts. */
  colour?: string;
  /** Files are said to stay the same for ever, so that clients keep them without asking again. */
  filesImmutable?: boolean;
  /** kho's own server gives whole addresses of files in JSON, for micropip. */
  absoluteUrls?: boolean;
  /** Pages stand beside themselves packed, for servers of files that send those as they are. */
  precompress?: boolean;
  /** Addresses and networks whose X-Forwarded headers kho's own server believes. */
  trustedProxies?: string[];
  /** Of one client, to kho's own server. */
  connectionsPerAddress?: number;
  /** Where `kho fetch` brings files from. */
  upstream?: string;
  /** Names of projects of the team's own, or patterns of them: no other index is ever asked for these. */
  own?: string[];
  /** Public projects of which the team builds files too: what another index has stands beside them. */
  shared?: string[];
  /** False: no pages for people, but a plain list in each repository. */
  pages?: boolean;
  /** Of the pages for people. English when absent. */
  language?: Language;
  /** Descriptions may show images from other hosts. */
  remoteImages?: boolean;
  /** Names of files and folders, or patterns of names, that are passed over wherever they lie, besides those that all systems have. */
  ignore?: string[];
  /** Packages may be uploaded over HTTP; absent where they may not. */
  upload?: UploadSettings;
  /** Of files of other indexes, in bytes: so many are kept at most, and so much is left free on the disk. */
  cache?: { max?: number; minFree?: number };
  /** Known malware and known holes, in OSV's export format: a path from the site's root, or an address. */
  advisories?: { from: string };
  /** The bucket that it is published to as well: `s3://BUCKET/PREFIX`. */
  publish?: string;
  /** How, wherever that is. */
  bucket?: BucketSettings;
  /** Another site that one of the repositories follows. */
  follow?: FollowSettings;
  /** Lock files that count: paths from the site's root, or patterns of them. */
  locks?: string[];
  /** How much is kept of what grows by itself, in bytes; what has none here grows without end, but for the log. */
  limits?: { [Store in LimitedStore]?: number };
}

/** The record of what was done; what was removed, what `kho retag` replaced, and what incoming/ refused. */
export const LIMITED_STORES = ['log', 'trash', 'originals', 'refused'] as const;
export type LimitedStore = (typeof LIMITED_STORES)[number];

/** Of `keepFree`, where kho.toml does not say it: lists and pages have to be written after the upload too. In bytes. */
export const DEFAULT_KEEP_FREE = 1024 ** 3;

/** Sizes are in bytes. */
export interface UploadSettings {
  /** A bigger file is refused. */
  maxFile: number;
  /** A file that would leave less on the disk is refused. */
  keepFree: number;
  /** Tokens may come unencrypted, from other machines too. */
  allowHttp: boolean;
}

/** Of `parallel` and `keep`, where kho.toml does not say it: a thin line is full with two, and a closure may turn out to be a bad one. */
export const DEFAULT_PARALLEL = 2;
export const DEFAULT_KEEP = 2;

/** `kho pull`: what a repository here needs of one at the centre. */
export interface FollowSettings {
  /** The centre's root, with name and password, where it wants them. */
  url?: string;
  /** Its repository; absent: of the same name as here. */
  repository?: string;
  /** The repository here; absent: of the same name as there, else the only one. */
  into?: string;
  /** Lock files and requirements: paths from the site's root, or patterns of them. */
  needs: string[];
  /** As written; none: the newest that the repository has wheels for. */
  pythons: string[];
  /** Who may sign for the centre: a path from the site's root. Absent: nobody is asked for a signature. */
  allowedSigners?: string;
  /** Keys that count no longer, whoever allows them: a path from the site's root. */
  revokedKeys?: string;
  /** So much may come in a second, in bytes; absent: all that the line takes. */
  rate?: number;
  /** Files at once. */
  parallel: number;
  /** So many closures of each lock are kept, the newest first. */
  keep: number;
  /** The centre is told what is here. */
  report?: true;
}

/** A site as discovered on disk, with what kho.toml adds. All paths are absolute and real (no links in them). */
export interface SiteConfig extends SiteSettings {
  /** The site's root folder. */
  root: string;
  title: string;
  /** The site's root as clients see it, without a trailing slash: `https://packages.example.vn`. */
  url?: string;
  /** Sorted by name. */
  repositories: RepositoryConfig[];
  /** Other indexes that clients may reach through repositories, by name, in the order of kho.toml. */
  upstreams: ReadonlyMap<string, UpstreamSettings>;
}

/** Another index that clients reach through the site. Times are in milliseconds. */
export interface UpstreamSettings {
  name: string;
  /** With name and password, where it wants them; absent: what this machine's own pip and uv would ask. */
  url?: string;
  /** A page that was asked for within so long is not asked for again. */
  freshMs: number;
  /** So long a client waits for a page to be asked for again, before it gets the one that is kept. */
  waitMs: number;
  /** Names or patterns: nothing else is asked for there. Absent: anything may be. */
  projects?: string[];
  /** Files without a sha256 are taken too, where they come from the index itself or one of `fileHosts`. */
  hashesOptional?: true;
  /** In small letters, with a port where it is not that of the scheme. */
  fileHosts?: string[];
  /** Files that were published within so long are neither listed nor served. */
  cooldownMs?: number;
  /** Requirements: what fits one of these need not be so old. */
  cooldownExcept?: string[];
  /** As `allowFrom`: releases that these pin, and files whose hashes they name, need not be so old. */
  cooldownExceptFrom?: string[];
  /** Releases that close a known hole of what a lock names may pass earlier. */
  fixes?: true;
  /** Requirements: only what fits one of these, or what `allowFrom` names, is listed. Absent, and no `allowFrom`: anything. */
  allow?: string[];
  /** Files of requirements and lock files: paths from the site's root, or patterns of them. */
  allowFrom?: string[];
  /** Requirements: what fits one is never listed. */
  deny?: string[];
  /** Files that are kept here, of a project that is there no longer: listed as yanked, or not at all. */
  gone: 'yank' | 'hide';
}

export interface RepositoryConfig {
  /** The folder's name under the site's root, or `.` for the site itself. */
  name: string;
  folder: string;
  /** Where its own packages are; absent when the repository is nothing but includes. */
  packages?: string;
  /** Other repositories whose listed files it lists too, in the order of kho.toml, each once. No cycles. */
  include: string[];
  /** Names of other indexes that clients reach through it, in the order in which they are asked, each once. */
  upstreams?: string[];
  /** Of files of other indexes, only those that its machines can run are listed. */
  onlyRunnable?: true;
  /** What its machines are: none where it is for pure files only; absent when nothing says it, and anything is taken. */
  platforms?: Platform[] | 'everything';
  /** Not kho.toml says so, but the folder's name. */
  platformsByName?: true;
  /** The oldest libc of its machines, `2.31`; of glibc by architecture, `*` being all others. */
  glibc?: { [architecture: string]: string };
  musl?: string;
  /** Wheels from incoming/ that are named `linux_*` get the truest tag there is. */
  retag?: true;
  /** Only who brings a token with the right `read` may see it. */
  private?: true;
  /** What it lists stands in sync/ too, for sites that follow it; its heads are published once they are signed, or as they are. */
  sync?: 'signed' | 'plain';
  /** Files from incoming/ may replace published ones of the same name. */
  overwrite?: true;
  /** What `kho prune` may take away; absent: nothing. */
  prune?: PruneRules;
  /** What `kho mirror` keeps in step with another index. */
  mirror?: MirrorOrders;
  projects: Map<NormalizedName, ProjectSettings>;
}

/** Standing orders: what of another index a repository is to hold, for its machines. */
export interface MirrorOrders {
  /** Its name among the upstreams; absent: what `kho fetch` would ask. */
  from?: string;
  /** Requirements. */
  projects: string[];
  /** Files of requirements and lock files: paths from the site's root, or patterns of them. */
  needs: string[];
  /** As written; none: the newest that the repository has wheels for. */
  pythons: string[];
  /** So many of the newest versions of each of `projects`. */
  releases: number;
  /** What they depend on is brought too. */
  dependencies: boolean;
  /** Also sdists, where there is no wheel. */
  sdists: boolean;
  prereleases: boolean;
  /** What was brought, and is ordered no longer, goes after so long, in milliseconds; absent: it stays. */
  removeAfterMs?: number;
}

/** A version goes only if none of these keeps it. */
export interface PruneRules {
  /** So many of the newest final ones, for each kind of machine. */
  keepVersions?: number;
  /** Final ones that were published within so many days. */
  keepDays?: number;
  /** Pre-releases are kept for so many days. */
  prereleasesDays?: number;
  /** The same of those with `.dev`. */
  devDays?: number;
  /** Requirements: what fits one is kept. */
  keep?: string[];
  /** Of all files of the repository, in percent: more go only when asked twice. */
  maxShare?: number;
}

/** PEP 792. */
export interface ProjectSettings {
  status?: ProjectStatus;
  reason?: string;
}
