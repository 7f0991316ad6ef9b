/**
 * The simple API in JSON.
 *
 * Source: PyPA "Simple repository API" (PEP 691, 700, 740, 792).
 */
import { FormatError } from '../../problems.ts';
import { plainDetail } from './plain-detail.ts';
import type { LooseDetail, ProjectFile, ProjectList } from './types.ts';

export function serializeProjectList(list: ProjectList): string {
  return `${JSON.stringify(list)}\n`;
}

/** Keys stand in the order that they have in `detail`. */
export function serializeProjectDetail(detail: LooseDetail): string {
  return `${JSON.stringify(plainDetail(detail))}\n`;
}

/** What is left of a project's page that was published before: enough to know when a file came. */
export interface PublishedDetail {
  name: string;
  files: Pick<ProjectFile, 'filename' | 'hashes' | 'upload-time'>[];
}

/**
 * A lenient reader: what else the page holds is ignored, and so are files without a name, a sha256 or an upload time.
 *
 * @throws {FormatError} `bad-metadata` when it is not a project's page at all, or of a greater major version.
 */
export function parseProjectDetail(text: string): PublishedDetail {
  const fail = (why: string) => new FormatError('bad-metadata', `is no project page: ${why}`);
  let page: unknown;
  try {
    page = JSON.parse(text);
  } catch {
    throw fail('it is not JSON');
  }
  const { meta, name, files } = record(page);
  const version = record(meta)['api-version'];
  if (typeof version !== 'string' || !/^1\.[0-9]+$/.test(version)) throw fail('its api-version is not 1.x');
  if (typeof name !== 'string' || !Array.isArray(files)) throw fail('it has no name or no files');
  return { name, files: files.flatMap(readFile) };
}

function readFile(file: unknown): PublishedDetail['files'] {
  const { filename, hashes, 'upload-time': uploadTime } = record(file);
  const { sha256 } = record(hashes);
  if (typeof filename !== 'string' || typeof sha256 !== 'string' || typeof uploadTime !== 'string') return [];
  return [{ filename, hashes: { sha256 }, 'upload-time': uploadTime }];
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
