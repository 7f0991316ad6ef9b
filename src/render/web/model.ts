/** What pages for people are made from, beside the catalog. */
import type { CoverageRow } from '../../catalog/coverage.ts';
import type { PlatformSummary } from '../../catalog/platform-summary.ts';
import type { LeftOutGroup } from '../../policy/left-out.ts';
import type { Language } from '../../standards/languages.ts';
import type { Level } from '../../standards/osv/severity.ts';

/** What lists show of one project in one repository. Small: those of a whole site are kept in memory. */
export interface ProjectCard {
  /** Normalized. */
  name: string;
  displayName: string;
  /** Version of the latest release; absent when no file is offered. */
  latest?: string;
  summary?: string;
  /** Each once, in the order of the metadata. */
  keywords: string[];
  /** Machines that its latest release has files for, in words (platform-words.ts). */
  platforms: string[];
  /** Of all listed files together. */
  bytes: number;
  files: number;
  /** When its newest file was first published. Milliseconds since 1970, whole; 0 when there is none. */
  changedMs: number;
  /** Left out of the lists (quarantined). */
  unlisted?: true;
  /** PEP 792; absent when active. */
  status?: string;
  /** What its latest release needs: normalized names, sorted, each once, extras too. */
  requires: string[];
  /** Most recently published first. */
  recent: RecentRelease[];
  /** Platforms and Pythons that its wheels name (seen-machines.ts). */
  seen: RepositoryMachines;
  /** A wheel for the stable ABI names the oldest Python it runs on, often one out of use: it counts where nothing else does. */
  stablePythons: string[];
  /** For the machines of the repository; absent where it runs on all of them. */
  coverage?: PlatformSummary[];
  /** Stands for the machines that `coverage` is about. */
  machines?: string;
}

/** What a repository's wheels are for. Both sorted. */
export interface RepositoryMachines {
  /** `musl-x86_64`. */
  platforms: string[];
  /** `3.11`. */
  pythons: string[];
}

/** What there is of a project: each version (newest first) by each machine. */
export interface ProjectCoverage {
  machines: { platform: string; python: string }[];
  rows: CoverageRow[];
  summary: PlatformSummary[];
}

/** What is known of one version: texts of strangers. */
export interface ShownHole {
  id: string;
  aliases: readonly string[];
  severity: Level | 'malware' | 'unknown';
  /** One line; empty where there is none. */
  summary: string;
  /** Versions that close it. */
  fixed: readonly string[];
}

/** Of a project of another index, what is kept here. */
export interface KeptProject {
  /** Its name in kho.toml. */
  upstream: string;
  /** Normalized. */
  name: string;
  /** Newest first. */
  versions: readonly string[];
  /** With what belongs to files. */
  bytes: number;
}

/** Of one upstream, for a repository's page. */
export interface KeptOfUpstream {
  upstream: string;
  /** Sorted by name. */
  projects: readonly KeptProject[];
  /** How many there are besides. */
  more: number;
}

/** What kho.toml says of what may come in of one project. */
export interface ShownRules {
  upstream: string;
  cooldownDays?: number;
  /** Versions that never come in: `<2`; `*` for all. */
  denied: readonly string[];
  /** Only what somebody approved comes in. */
  onlyAllowed: boolean;
}

/**
 * What other indexes have of a project, as far as it is known here. `untold`: a page for everybody is not to tell what only some have asked
 * for. `unasked`: no page of it is kept.
 */
export type ShownOffer =
  | { is: 'untold' }
  | { is: 'unasked' }
  | {
      is: 'known';
      upstream: string;
      /** The highest version that comes in; absent where there is none that installers take unasked. */
      newest?: string;
      /** What of it clients do not get. */
      leftOut: readonly LeftOutGroup[];
    };

/** Where a project comes from, as pages of one repository tell it. */
export interface ProjectOrigin {
  /** See `judgeName`. `undecided`: nobody has said, and it counts as own. */
  whose: 'own' | 'undecided' | 'shared' | 'upstream';
  /** Files that kho brought, by sha256 and name. */
  fetched: Readonly<Record<string, { from: string; day: string }>>;
  /** Upstreams that are asked for it. */
  asked: readonly ShownRules[];
  /** The repository passes on what some upstream has. */
  passesOn: boolean;
  kept: readonly KeptProject[];
  offer: ShownOffer;
}

/** A project in one of several repositories. */
export interface Sibling {
  repository: string;
  /** Version of the latest release; absent when no file is offered. */
  latest?: string;
  /** As in `ProjectCard`. */
  coverage?: PlatformSummary[];
  /** The latest release has an sdist. */
  hasSource: boolean;
  /** The latest release has a wheel for any machine. */
  hasPure: boolean;
}

/** Files that lie in another repository too, with the same bytes. */
export interface Twins {
  repository: string;
  files: number;
  /** Of them together: what is taken twice. */
  bytes: number;
}

export interface RecentRelease {
  version: string;
  /** Of its newest file: milliseconds since 1970, whole. */
  publishedMs: number;
  files: number;
  /** Why, where all its files are; empty where nobody said. */
  yanked?: string;
}

/** So many releases of a project can stand on a page of changes. */
export const RECENT_RELEASES = 10;

/** What a repository comes to, for the site's front page. */
export interface RepositoryCard {
  name: string;
  projects: number;
  files: number;
  bytes: number;
  changedMs: number;
  /** As in `ProjectCard`, of all projects. */
  platforms: string[];
  /** For which machines it is, if it says: `glibc-x86_64`; none: pure files only. */
  accepts?: string[];
  include: string[];
  /** Over HTTP. */
  takesUploads?: true;
  /** What its binaries need of glibc: see `GlibcNeeds`. */
  glibc: GlibcNeeds[];
}

/** What the latest versions of a repository's projects need of the glibc of one platform. */
export interface GlibcNeeds {
  /** `glibc-x86_64`. */
  platform: string;
  /** What the least demanding project runs with, `2.17`, and what all of them need. */
  least: string;
  most: string;
  /** Projects that need as much, as written, sorted by name. */
  mostOf: string[];
}

/** What every page of a site has in common. */
export interface SiteContext {
  title: string;
  /** Without a trailing slash. */
  siteUrl?: string;
  language: Language;
  /** Files of style and script, from the site's root; their names change with their content. */
  style: string;
  script: string;
  /** The one script that runs before anything is shown. */
  theme: string;
  /** Texts for readers of other languages: for the script. */
  texts: Readonly<Record<Language, string>>;
  /** Names of the repositories, sorted; `.` among them where the site is one. */
  repositories: readonly string[];
  remoteImages: boolean;
  /** The picture of the browser's tab, from the site's root. */
  icon: string;
  /** Names of the public repositories that take uploads over HTTP; absent where there are none. */
  uploadsTo?: readonly string[];
  /** Some public repository passes on what other indexes have. */
  passesOn?: true;
  /** The style has a picture of the site's own. */
  hasLogo?: true;
}
