import { FormatError } from '../problems.ts';
import { LONGEST_FILENAME } from '../standards/longest-filename.ts';
import { type NormalizedName, normalizeName } from '../standards/name.ts';
import { projectsOfFile } from '../standards/projects-of-file.ts';
import { quoted } from '../standards/quoted.ts';
import { isSha256 } from '../standards/sha256.ts';
import { COPIED_SIDE_FILES } from '../standards/side-files.ts';
import { PROJECT_STATUSES, type ProjectStatus } from '../standards/simple-api/types.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import type { CatalogueFile, CatalogueSide, CatalogueStatus } from './catalogue-file.ts';
import { fieldsOf, isCount, isTime } from './fields.ts';

export type CatalogueLine = { file: CatalogueFile; status?: never } | { file?: never; status: CatalogueStatus };

type Fail = (why: string) => FormatError;

/** Of a path from packages/, in characters. */
const LONGEST_PATH = 3000;

/** Only these are published as they are; a newer centre may name more. */
const SIDE_SUFFIXES: ReadonlySet<string> = new Set(COPIED_SIDE_FILES.map((side) => `.${side}`));

/** Without its line break. The order of keys is fixed, so that the same facts give the same line. */
export function fileLine(file: CatalogueFile): string {
  const { project, path, repository, version, size, sha256, uploadTime, requiresPython, yanked } = file;
  const { metadata, requiresDist, providesExtra, sides } = file;
  return JSON.stringify({
    project,
    path,
    repository,
    version,
    size,
    sha256,
    uploadTime,
    requiresPython,
    yanked,
    metadata: metadata && { sha256: metadata.sha256, size: metadata.size },
    requiresDist,
    providesExtra,
    sides: sides?.map((side) => ({ suffix: side.suffix, sha256: side.sha256, size: side.size })),
  });
}

/** Without its line break. */
export function statusLine({ project, status, reason }: CatalogueStatus): string {
  return JSON.stringify({ project, status, reason });
}

/** @param fail says which line it is */
export function readCatalogueLine(line: string, fail: Fail): CatalogueLine {
  if (line.length > TEXT_LIMITS.catalogueLineLength) {
    throw fail(`it has more than ${TEXT_LIMITS.catalogueLineLength} characters`);
  }
  const fields = fieldsOf(line, fail);
  const project = projectOf(fields['project'], fail);
  const { status } = fields;
  if (status === undefined) return { file: readFile(project, fields, fail) };
  if (!(PROJECT_STATUSES as readonly unknown[]).includes(status)) throw fail('its status is none that kho knows');
  const reason = optionalText(fields['reason'], TEXT_LIMITS.fieldLength, 'reason', fail);
  return { status: { project, status: status as ProjectStatus, ...(reason !== undefined && { reason }) } };
}

function readFile(project: NormalizedName, fields: Partial<Record<string, unknown>>, fail: Fail): CatalogueFile {
  const { size, sha256, uploadTime, yanked } = fields;
  const path = pathOf(fields['path'], project, fail);
  const repository = optionalText(fields['repository'], LONGEST_FILENAME, 'repository', fail);
  if (repository !== undefined && repository !== '.' && !isPlainName(repository))
    throw fail('its repository is no name');
  const version = optionalText(fields['version'], TEXT_LIMITS.versionLength, 'version', fail);
  if (!version) throw fail('it has no version');
  if (!isCount(size)) throw fail('its size is no number of bytes');
  if (!isSha256(sha256)) throw fail('it has no sha256');
  if (uploadTime !== undefined && !isTime(uploadTime)) throw fail('its upload time is none');
  const requiresPython = optionalText(fields['requiresPython'], TEXT_LIMITS.fieldLength, 'requiresPython', fail);
  const why = yanked === true ? true : optionalText(yanked, TEXT_LIMITS.yankReasonBytes, 'yanked', fail);
  const metadata = fields['metadata'] === undefined ? undefined : hashOf(fields['metadata'], 'metadata', fail);
  const requiresDist = texts(fields['requiresDist'], TEXT_LIMITS.requirements, 'requiresDist', fail);
  const providesExtra = texts(fields['providesExtra'], TEXT_LIMITS.listedFields, 'providesExtra', fail);
  const sides = sidesOf(fields['sides'], fail);
  return {
    project,
    path,
    ...(repository !== undefined && { repository }),
    version,
    size,
    sha256,
    ...(uploadTime !== undefined && { uploadTime }),
    ...(requiresPython !== undefined && { requiresPython }),
    ...(why !== undefined && { yanked: why }),
    ...(metadata && { metadata }),
    ...(requiresDist && { requiresDist }),
    ...(providesExtra && { providesExtra }),
    ...(sides && { sides }),
  };
}

function projectOf(value: unknown, fail: Fail): NormalizedName {
  if (typeof value !== 'string') throw fail('it names no project');
  try {
    const name = normalizeName(value);
    if (name === value) return name;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  throw fail(`${quoted(value)} is no normalized name of a project`);
}

/** Leads down, to a file that is by its name of this project, over folders that anybody may see. */
function pathOf(value: unknown, project: NormalizedName, fail: Fail): string {
  if (typeof value !== 'string' || value === '') throw fail('it has no path');
  if (value.length > LONGEST_PATH) throw fail(`its path has more than ${LONGEST_PATH} characters`);
  const parts = value.split('/');
  if (!parts.every(isPlainName)) throw fail(`the path ${quoted(value)} is none below packages/`);
  let projects: readonly string[] = [];
  try {
    projects = projectsOfFile(parts.at(-1) ?? '');
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  if (!projects.includes(project)) throw fail(`${quoted(value)} is no file of the project ${project}`);
  return value;
}

/** Neither hidden nor a way elsewhere. */
function isPlainName(name: string): boolean {
  return (
    name !== '' &&
    !name.startsWith('.') &&
    !/[\p{Cc}\p{Cs}/]/u.test(name) &&
    Buffer.byteLength(name) <= LONGEST_FILENAME
  );
}

function hashOf(value: unknown, what: string, fail: Fail): { sha256: string; size: number } {
  const { sha256, size } = fieldsOf(asObject(value), (why) => fail(`its ${what}: ${why}`));
  if (!isSha256(sha256) || !isCount(size)) throw fail(`its ${what} has no sha256 and size`);
  return { sha256, size };
}

/** A text is no object here, though it might hold one. */
function asObject(value: unknown): unknown {
  return typeof value === 'string' ? undefined : value;
}

function sidesOf(value: unknown, fail: Fail): CatalogueSide[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw fail('its sides are no list');
  if (value.length > TEXT_LIMITS.listedFields) throw fail('it has too many sides');
  const sides = new Map<string, CatalogueSide>();
  for (const side of value) {
    const { suffix } = fieldsOf(asObject(side), (why) => fail(`its sides: ${why}`));
    if (typeof suffix !== 'string' || !SIDE_SUFFIXES.has(suffix)) continue;
    if (sides.has(suffix)) throw fail(`it has two sides that end in ${suffix}`);
    sides.set(suffix, { suffix, ...hashOf(side, 'side', fail) });
  }
  return sides.size === 0 ? undefined : [...sides.values()];
}

function optionalText(value: unknown, longest: number, what: string, fail: Fail): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw fail(`its ${what} is no text`);
  if (value.length > longest) throw fail(`its ${what} has more than ${longest} characters`);
  return value;
}

function texts(value: unknown, most: number, what: string, fail: Fail): string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw fail(`its ${what} is no list`);
  if (value.length > most) throw fail(`its ${what} has more than ${most} parts`);
  return value.map((text) => optionalText(text, TEXT_LIMITS.listedFieldLength, what, fail) ?? '');
}
