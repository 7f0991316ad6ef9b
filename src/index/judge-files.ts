import { basename } from 'node:path';
import { doubtsIn, judgeFile } from '../catalog/judge-file.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import type { FileRecord, ProjectRecord } from '../publish/manifest.ts';
import { publishedHash } from './describe-files.ts';

/**
 * Hold what the machines of its repository could not run. Asked at each look at a project, also for files that are as they were:
 * settings may have changed.
 *
 * @returns new records, in the same order; the previous ones stay as they are
 */
export function judgeFiles(
  files: readonly FileRecord[],
  previous: ProjectRecord | undefined,
  { repositories }: SiteConfig,
): FileRecord[] {
  const records = new Map(previous?.files.map((record) => [sitePath(record), record]));
  return files.map((record) => {
    const repository = repositories.find(({ name }) => name === record.repository);
    if (!record.facts || !repository) return record;
    const { problem: _problem, lastSha256: _lastSha256, doubts: _doubts, ...unjudged } = record;
    const { binaries } = record.facts;
    const file = { filename: basename(record.path), ...(binaries && { binaries }) };
    const verdict = judgeFile(file, repository, repositories);
    if (!verdict) {
      const doubts = binaries ? doubtsIn(file, repository) : [];
      return { ...unjudged, ...(doubts.length > 0 && { doubts }) };
    }
    const before = records.get(sitePath(record));
    const lastSha256 = before && publishedHash(before);
    return { ...unjudged, problem: { ...verdict, file: sitePath(record) }, ...(lastSha256 && { lastSha256 }) };
  });
}
