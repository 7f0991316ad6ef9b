/**
 * What lock files name, for whatever machine, group or extra: more than any tool would install, since what is named there must not go.
 * The readers of `kho missing` say what is no lock file, and which files others name; what is named is looked for in all of their text,
 * which leaves nothing out.
 */
import { KhoError } from '../errors.ts';
import { filesOfPattern } from '../needs/files-of-pattern.ts';
import { readNeedsFile } from '../needs/read-needs.ts';
import { foldName } from '../standards/name.ts';
import { normalizeVersion } from '../standards/version.ts';
import { readEdgeReports } from './edge-reports.ts';
import type { LockedReleases } from './prune-plan.ts';

const LOSS = 'without it, what those files name could go';

/** With what edges have of the site, by hash. @throws {KhoError} CONFIG for a pattern that nothing has; READ for a file that cannot be read */
export async function readLocks(
  root: string,
  patterns: readonly string[],
): Promise<LockedReleases & { files: string[] }> {
  const files = [
    ...new Set(patterns.flatMap((pattern) => filesOfPattern(root, pattern, 'locks in kho.toml', LOSS))),
  ].sort();
  const sha256s = new Set<string>();
  const releases = new Set<string>();
  const note = (text: string) => {
    for (const [sha256] of text.matchAll(/\b[0-9a-fA-F]{64}\b/g)) sha256s.add(sha256.toLowerCase());
    for (const release of releasesIn(text)) releases.add(release);
  };
  for (const path of files) {
    const { leftOut = [] } = await readNeedsFile(path, note);
    if (leftOut.length > 0) throw notReadWhole(path, leftOut[0] as string);
  }
  const edges = readEdgeReports(root);
  for (const sha256 of edges.sha256s) sha256s.add(sha256);
  return { sha256s, releases, files: [...files, ...edges.files] };
}

function notReadWhole(path: string, leftOut: string): KhoError {
  return new KhoError('READ', `Cannot read all of "${path}", which locks in kho.toml names: it names ${leftOut}`, {
    hint: 'put a copy of that beside it, and name that: what it names could go',
  });
}

/** Pairs of name and version, as each kind of lock writes them: `name==1.0`; `name = "…"` before `version = "…"`; `"name": {… "version": "==1.0"`. */
function releasesIn(text: string): string[] {
  const pairs = [
    ...text.matchAll(/^name = "([^"\n]+)"\nversion = "([^"\n]+)"/gm),
    ...text.matchAll(/"([A-Za-z0-9][A-Za-z0-9._-]*)": \{[^{}]*"version": "==([^"\n]+)"/g),
  ];
  return [...pairs.map(([, name = '', version = '']) => [name, version] as const), ...pinsIn(text)].map(
    ([name, version]) => `${foldName(name)}==${normalizeVersion(version)}`,
  );
}

const NAME_SIGN = /[A-Za-z0-9._-]/;

/** `name[extra] == 1.0`, wherever it stands in a line. */
function pinsIn(text: string): [name: string, version: string][] {
  return text.split('\n').flatMap((line) => {
    const parts = line.split('==');
    return parts.slice(1).map((right, index): [string, string] => {
      let left = (parts[index] ?? '').trimEnd();
      if (left.endsWith(']')) left = left.slice(0, left.lastIndexOf('[')).trimEnd();
      let start = left.length;
      while (start > 0 && NAME_SIGN.test(left[start - 1] ?? '')) start--;
      const [version = ''] = /^[^\s;,"'\\]+/.exec(right.replace(/^=/, '').trimStart()) ?? [];
      return [left.slice(start), version];
    });
  });
}
