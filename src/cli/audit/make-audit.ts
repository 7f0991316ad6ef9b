/** What is known of the files of a site, or of what lock files pin. */

import { type AboutAdvisories, type AdvisoryBook, notBelieved } from '../../advisories/advisory-book.ts';
import { type KnownHole, knownHoles } from '../../advisories/known-holes.ts';
import { surveySite } from '../../build-site.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { keptFiles, keptProjects } from '../../kept-upstream/kept-packages.ts';
import { sitePathOf } from '../../kept-upstream/kept-places.ts';
import { isSaidOwn } from '../../names/judge-name.ts';
import { openNameBook } from '../../names/name-book.ts';
import { pinnedVersion } from '../../needs/joined-needs.ts';
import { readNeedsFile } from '../../needs/read-needs.ts';
import type { NormalizedName } from '../../standards/name.ts';
import { compareVersions } from '../../standards/version.ts';
import { versionOfFile } from '../../standards/version-of-file.ts';

/** A version that is looked at, and where it is: files, or who pins it. */
interface PlacedVersion {
  project: NormalizedName;
  version: string;
  where: string[];
}

export interface AuditedVersion extends PlacedVersion {
  holes: KnownHole[];
}

export interface Audit {
  about: AboutAdvisories;
  /** With known holes: by name, and the newest first. */
  releases: AuditedVersion[];
  /** How many were looked at. */
  looked: number;
  /** Names that somebody has said to be own: nothing is known of these. */
  own: string[];
  /** What is wanted without a version, and so could not be looked at. */
  unpinned: string[];
}

/** @param files lock files and requirements, in the place of the files of the site. @throws {KhoError} READ */
export async function makeAudit(
  config: SiteConfig,
  book: AdvisoryBook,
  files: readonly string[] | undefined,
): Promise<Audit> {
  const { catalogs, filesOf } = await surveySite(config);
  const releases = new Releases();
  if (files) await addPinned(files, releases);
  else {
    for (const { projects } of catalogs) {
      for (const { name, releases: each } of projects)
        for (const { version, files: own } of each)
          for (const { repository, path } of own) releases.add(name, version, `${repository}/packages/${path}`);
    }
  }
  if (!files) addKept(config, releases);
  const names = openNameBook(config, filesOf);
  const isOwn = (name: string) => isSaidOwn(names.originOf(name));
  const all = releases.all();
  const known = all.filter(({ project }) => !isOwn(project));
  const audited = known.map((release) => ({ ...release, holes: holesOf(book, release) }));
  return {
    about: book.about,
    releases: audited.filter(({ holes }) => holes.length > 0),
    looked: known.length,
    own: [...new Set(all.flatMap(({ project }) => (isOwn(project) ? project : [])))],
    unpinned: releases.unpinned,
  };
}

function holesOf(book: AdvisoryBook, { project, version }: PlacedVersion): KnownHole[] {
  const advisories = book.of(project);
  if (advisories) return knownHoles(advisories, version);
  throw notBelieved();
}

async function addPinned(files: readonly string[], releases: Releases): Promise<void> {
  for (const path of files) {
    for (const { name, specifiers, from } of (await readNeedsFile(path)).named().wanted) {
      const version = pinnedVersion([specifiers]);
      if (version === undefined) releases.unpinned.push(`${name}${specifiers}`);
      else releases.add(name, version, from);
    }
  }
}

/** Files of other indexes that are kept, and served to whoever asks for them. */
function addKept({ root, upstreams }: SiteConfig, releases: Releases): void {
  for (const upstream of upstreams.keys()) {
    for (const project of keptProjects(root, upstream)) {
      for (const filename of keptFiles(root, { upstream, project })) {
        const version = versionOfFile(filename, project);
        if (version !== undefined) releases.add(project, version, sitePathOf({ upstream, project }, filename));
      }
    }
  }
}

class Releases {
  readonly unpinned: string[] = [];
  readonly #found = new Map<string, PlacedVersion>();

  add(project: NormalizedName, version: string, where: string): void {
    const key = `${project} ${version}`;
    const release = this.#found.get(key) ?? { project, version, where: [] };
    if (!release.where.includes(where)) release.where.push(where);
    this.#found.set(key, release);
  }

  /** By name, the newest first. */
  all(): PlacedVersion[] {
    return [...this.#found.values()].sort((a, b) =>
      a.project === b.project ? compareVersions(b.version, a.version) : a.project < b.project ? -1 : 1,
    );
  }
}
