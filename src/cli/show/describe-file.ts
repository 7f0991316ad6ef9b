import { closeSync, fstatSync, openSync, realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute, relative, sep } from 'node:path';
import type { Survey } from '../../build-site.ts';
import { doubtsIn, judgeTagNames } from '../../catalog/judge-file.ts';
import { sitePath } from '../../catalog/resolve-listing.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { fileSource, hashFile } from '../../inspect/inspect-file.ts';
import { readPackage } from '../../inspect/read-package.ts';
import { verifyMembers } from '../../inspect/verify-members.ts';
import { PROBLEM_HINTS, type Problem, problemOf } from '../../problems.ts';
import { fileKind } from '../../scan/file-kinds.ts';
import type { BinaryFacts, ElfMember } from '../../standards/platforms/binary-facts.ts';
import { judgeTag } from '../../standards/platforms/judge-tag.ts';
import { memberFacts } from '../../standards/platforms/member-facts.ts';
import { truestTag } from '../../standards/platforms/truest-tag.ts';
import { SIDE_FILES } from '../../standards/side-files.ts';
import { expandTags } from '../../standards/tags.ts';
import { parseWheelFilename } from '../../standards/wheel-filename.ts';
import { originOf } from './origin-of.ts';
import type { ShownBinaries, ShownFile, ShownPackage } from './shown.ts';

/** A site and what lies in it. */
export interface SurveyedSite {
  config: SiteConfig;
  survey: Survey;
}

/**
 * All that is to be known of one file on disk.
 *
 * @param path of a file that is there
 * @param site the one it may be in
 * @param isDeep unpack every member too, and compare it with its checksum
 */
export async function describeFile(path: string, site: SurveyedSite | undefined, isDeep = false): Promise<ShownFile> {
  const real = realpathSync(path);
  const filename = basename(path);
  const inSite = site && pathInSite(real, site.config);
  const findings = inSite === undefined ? [] : findingsOf(inSite, site?.survey);
  const faults: Problem[] = [];
  const catching = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      faults.push(problemOf(error, inSite ?? path));
      return undefined;
    }
  };
  if (site === undefined) faults.push(...faultsOfKind(filename, path));
  const sha256 = await catching(() => hashFile(real));
  const contents =
    sha256 !== undefined &&
    fileKind(filename).is === 'package' &&
    (await catching(() => describePackage(filename, real)));
  const origin =
    site && inSite !== undefined && sha256 !== undefined ? originOf(site.config, filename, sha256) : undefined;
  if (contents && isDeep) await catching(() => verifyMembers(real));
  if (contents) faults.push(...doubtsAbout(filename, inSite ?? path, contents));
  return {
    path: real,
    filename,
    ...(inSite !== undefined && { inSite }),
    size: statSync(real).size,
    ...(sha256 !== undefined && { sha256 }),
    ...(contents && { package: contents }),
    ...(origin && { origin }),
    listedIn: inSite === undefined ? [] : listings(inSite, site?.survey),
    problems: findings.some(({ file }) => file === inSite) ? findings : [...faults, ...findings],
  };
}

/** What makes no site list it, and what only some clients mind. */
function doubtsAbout(filename: string, file: string, { binaries, doubts }: ShownPackage): Problem[] {
  const judged = { filename, ...(binaries && { binaries }) };
  const unknown = judgeTagNames(judged);
  const all = [...doubts, ...doubtsIn(judged, { name: 'its repository' })];
  return [
    ...(unknown ? [{ ...unknown, file }] : []),
    ...all.map(({ code, what }) => ({ code, file, what, hint: PROBLEM_HINTS[code] })),
  ];
}

/** What its name says that it is, where that is no package. */
function faultsOfKind(filename: string, file: string): Problem[] {
  const kind = fileKind(filename);
  switch (kind.is) {
    case 'package':
      return [];
    case 'unsupported': {
      const what = 'is of a kind that no current client installs';
      return [{ code: 'unsupported', file, what, hint: PROBLEM_HINTS.unsupported }];
    }
    case 'side-file': {
      const hint = `name the package itself: ${kind.of}`;
      return [{ code: 'not-a-package', file, what: `belongs to ${kind.of}, and is no package`, hint }];
    }
    default: {
      const isTemporary = kind.is === 'temporary';
      const what = `is no package by its name${isTemporary ? ', but one that is not whole yet' : ''}`;
      const hint = isTemporary
        ? 'wait until it has its own name'
        : 'name a wheel (.whl) or an sdist (.tar.gz, .zip); if it is one, give it the name that its build tool gave it';
      return [{ code: 'not-a-package', file, what, hint }];
    }
  }
}

async function describePackage(filename: string, path: string): Promise<ShownPackage> {
  const descriptor = openSync(path, 'r');
  try {
    const contents = await readPackage(filename, fileSource(descriptor, fstatSync(descriptor).size));
    const { kind, project, version, metadata, members, doubts } = contents;
    const binaries = await contents.readBinaries?.();
    return {
      kind,
      project,
      version,
      tags: kind === 'wheel' ? tagsOf(filename) : [],
      metadata,
      members,
      doubts,
      ...(binaries?.facts && { binaries: describeBinaries(filename, binaries.facts, binaries.members) }),
    };
  } finally {
    closeSync(descriptor);
  }
}

function describeBinaries(filename: string, facts: BinaryFacts, members: readonly ElfMember[]): ShownBinaries {
  const { platform } = parseWheelFilename(filename);
  const tag = truestTag(facts, platform);
  const faults = judgeTag(facts, platform);
  return { ...facts, faults, ...(tag !== undefined && { truestTag: tag }), members: members.flatMap(memberFacts) };
}

function tagsOf(filename: string): string[] {
  const { python, abi, platform } = parseWheelFilename(filename);
  return expandTags(python, abi, platform);
}

/** From the site's root, as problems and listings have it; undefined for a file in no packages/ folder. */
function pathInSite(real: string, config: SiteConfig): string | undefined {
  for (const { name: repository, packages } of config.repositories) {
    const way = packages === undefined ? '..' : relative(packages, real);
    if (way.startsWith('..') || isAbsolute(way)) continue;
    return sitePath({ repository, path: way.split(sep).join('/') });
  }
  return undefined;
}

/** Problems and notes about the file or a side-file of it. */
function findingsOf(path: string, survey: Survey | undefined): Problem[] {
  const paths = new Set([path, ...SIDE_FILES.map((side) => `${path}.${side}`)]);
  return [...(survey?.problems ?? []), ...(survey?.notes ?? [])].filter(({ file }) => paths.has(file));
}

function listings(path: string, survey: Survey | undefined): ShownFile['listedIn'] {
  const found: ShownFile['listedIn'] = [];
  for (const { repository, projects } of survey?.catalogs ?? []) {
    for (const file of projects.flatMap(({ releases }) => releases.flatMap(({ files }) => files))) {
      if (sitePath(file) !== path) continue;
      const { uploadedMs, yanked, signed, provenance } = file;
      const uploadTime = new Date(uploadedMs).toISOString();
      found.push({ repository, uploadTime, ...(yanked !== undefined && { yanked }), signed, provenance });
    }
  }
  return found;
}
