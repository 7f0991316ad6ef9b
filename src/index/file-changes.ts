import type { FileChange } from '../build-report.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { FileRecord } from '../publish/manifest.ts';
import { publishedHash } from './describe-files.ts';

/** What became of the files of one project, from one run to the next. Files that stay as they are do not appear. */
export function fileChanges(before: readonly FileRecord[], after: readonly FileRecord[]): FileChange[] {
  const records = new Map(before.map((record) => [sitePath(record), record]));
  const changes: FileChange[] = [];
  for (const record of after) {
    const file = sitePath(record);
    const old = records.get(file);
    records.delete(file);
    const { facts, problem } = record;
    if (problem) {
      const wasListed = old?.facts !== undefined && old.problem === undefined;
      if (old?.problem?.code !== problem.code)
        changes.push({ file, became: 'held', problem, ...(wasListed && { wasListed }) });
    } else if (facts && (old && publishedHash(old)) !== facts.sha256) {
      const { project, version } = facts;
      changes.push({ file, became: old && publishedHash(old) ? 'replaced' : 'listed', project, version });
    } else if (facts && old?.facts && old.problem) {
      const { project, version } = facts; // settings let it be listed again
      changes.push({ file, became: 'listed', project, version });
    }
  }
  for (const [file, record] of records) if (publishedHash(record)) changes.push({ file, became: 'gone' });
  return changes;
}
