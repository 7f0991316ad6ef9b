import { basename } from 'node:path';
import { sitePath } from '../catalog/resolve-listing.ts';
import { PROBLEM_HINTS, type Problem } from '../problems.ts';
import type { FileRecord, ProjectRecord } from '../publish/manifest.ts';
import { fileIdentity } from '../standards/file-identity.ts';
import { publishedHash } from './describe-files.ts';

/**
 * Hold files that differ from another of their repository only in how their names are spelled, and have other bytes: one client installs
 * the one, another the other. The one that was published first stays; where neither was, nobody can tell which is meant.
 *
 * @returns new records, in the same order; those of `files` stay as they are
 */
export function holdTwins(files: readonly FileRecord[], previous: ProjectRecord | undefined): FileRecord[] {
  const twins = files.length > 1 ? findTwins(files) : [];
  if (twins.length === 0) return [...files];
  const records = new Map(previous?.files.map((record) => [sitePath(record), record]));
  const isPublished = (record: FileRecord) => {
    const before = records.get(sitePath(record));
    return record.recalled || (before !== undefined && publishedHash(before) === record.facts?.sha256);
  };
  const problems = new Map<FileRecord, Problem>();
  for (const group of twins) {
    const [first] = group.filter(isPublished).sort(byTime);
    for (const record of group) {
      if (record.facts?.sha256 === first?.facts?.sha256) continue;
      const other = first ?? (group.find((each) => each !== record) as FileRecord);
      const which = first ? ', which was published first' : '';
      const what = `is the same file of its release as ${sitePath(other)}${which}, spelled differently and with other bytes`;
      problems.set(record, { code: 'conflict', file: sitePath(record), what, hint: PROBLEM_HINTS.conflict });
    }
  }
  return files.map((record) => {
    const problem = problems.get(record);
    return problem ? { ...record, problem } : record;
  });
}

/** Files of one repository that stand for one file of a release, and differ in name and bytes. */
function findTwins(files: readonly FileRecord[]): FileRecord[][] {
  const groups = new Map<string, FileRecord[]>();
  for (const record of files) {
    if (!record.facts || record.problem) continue;
    const key = `${record.repository} ${fileIdentity(basename(record.path), record.facts.version)}`;
    const group = groups.get(key);
    if (group) group.push(record);
    else groups.set(key, [record]);
  }
  const differ = (group: FileRecord[], of: (record: FileRecord) => string | undefined) =>
    new Set(group.map(of)).size > 1;
  return [...groups.values()].filter(
    (group) => differ(group, ({ path }) => basename(path)) && differ(group, ({ facts }) => facts?.sha256),
  );
}

function byTime(a: FileRecord, b: FileRecord): number {
  return (a.uploadedMs ?? 0) - (b.uploadedMs ?? 0) || (a.path < b.path ? -1 : 1);
}
