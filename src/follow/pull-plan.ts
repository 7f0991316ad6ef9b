/** What has to be done for a repository to hold its closures. Pure: the same closures and files, the same plan. */
import type { CatalogueFile } from '../sync-format/catalogue.ts';
import { filenameOf } from './catalogue-source.ts';
import type { Closure } from './closures.ts';
import type { FollowedLock } from './follow-state.ts';
import type { PulledFile } from './pulled-files.ts';

/** A package that lies in the site already. */
export interface PackageHere {
  repository: string;
  filename: string;
  /** Absolute. */
  full: string;
  /** Hexadecimal. */
  sha256: string;
}

export interface FileToPull {
  file: CatalogueFile;
  filename: string;
  /** The same bytes lie elsewhere in the site: nothing has to come over the line. */
  copyFrom?: PackageHere;
}

export interface PlannedLock {
  path: string;
  closure: Closure;
  /** Smallest first. */
  bring: FileToPull[];
  /** In bytes, over the line, at most. */
  bytes: number;
  /** Why it cannot be whole: one line each, no full stop. */
  lacking: string[];
}

export interface PullPlan {
  /** That with the least to come first. */
  locks: PlannedLock[];
  /** Old bytes that `kho pull` brought under names that have others now, by name. */
  replaced: Map<string, PackageHere>;
}

export interface PullPlanInput {
  closures: readonly Closure[];
  into: string;
  /** Repositories whose files clients of `into` see, itself among them. */
  sources: ReadonlySet<string>;
  here: readonly PackageHere[];
  pulled: ReadonlyMap<string, PulledFile>;
}

export function planPull({ closures, into, sources, here, pulled }: PullPlanInput): PullPlan {
  const byHash = new Map<string, PackageHere>();
  const named = new Map<string, PackageHere>();
  const seen = new Set<string>();
  for (const file of here) {
    byHash.set(file.sha256, file);
    if (file.repository === into) named.set(file.filename, file);
    if (sources.has(file.repository)) seen.add(keyOf(file));
  }
  const replaced = new Map<string, PackageHere>();
  const locks = closures.map((closure): PlannedLock => {
    const bring: FileToPull[] = [];
    const lacking = [...closure.lacking];
    for (const file of closure.files) {
      const filename = filenameOf(file);
      if (seen.has(keyOf({ filename, sha256: file.sha256 }))) continue;
      const other = named.get(filename);
      if (other && pulled.get(filename)?.sha256 !== other.sha256) {
        lacking.push(`${filename}: another file of this name is in "${into}", and was not brought by kho pull`);
        continue;
      }
      if (other) replaced.set(filename, other);
      const copyFrom = byHash.get(file.sha256);
      bring.push({ file, filename, ...(copyFrom && { copyFrom }) });
    }
    return { path: closure.path, closure, bring, bytes: bytesOf(bring), lacking };
  });
  locks.sort((a, b) => a.bytes - b.bytes || (a.path < b.path ? -1 : 1));
  return { locks, replaced };
}

/** In bytes, over the line, of what belongs to them too. */
export function bytesOf(files: readonly FileToPull[]): number {
  return files.reduce((sum, { file, copyFrom }) => {
    const sides = (file.sides ?? []).reduce((all, { size }) => all + size, 0);
    return sum + sides + (copyFrom ? 0 : file.size);
  }, 0);
}

/** Of each file once, though several locks name it. */
export function bytesOfAll(locks: readonly PlannedLock[]): number {
  return bytesOf([...new Map(locks.flatMap(({ bring }) => bring).map((each) => [each.filename, each])).values()]);
}

/** As it stands in a closure. */
export function keyOf({ filename, sha256 }: { filename: string; sha256: string }): string {
  return `${sha256} ${filename}`;
}

/** What `kho pull` brought and no kept closure names. @param isLocked whether a lock file that counts names it */
export function lettingGo(
  pulled: Iterable<PulledFile>,
  locks: readonly FollowedLock[],
  isLocked: (file: PulledFile) => boolean,
): PulledFile[] {
  const kept = new Set(locks.flatMap(({ closures }) => closures.flatMap(({ files }) => files)));
  return [...pulled].filter((file) => !kept.has(keyOf(file)) && !isLocked(file));
}

/** A lock that came to be whole: its closure first, of those before as many as are kept. */
export function withClosure(
  before: FollowedLock | undefined,
  { path, files }: Closure,
  counter: number,
  keep: number,
): FollowedLock {
  const keys = keysOf(files);
  const older = (before?.closures ?? []).filter((closure) => closure.files.join('\n') !== keys.join('\n'));
  return { path, closures: [{ counter, files: keys }, ...older].slice(0, keep), lacking: [] };
}

/** Whether a lock is known to be whole with just these files. */
export function isSameClosure(before: FollowedLock | undefined, { files }: Closure): boolean {
  return before?.lacking.length === 0 && before.closures[0]?.files.join('\n') === keysOf(files).join('\n');
}

function keysOf(files: readonly CatalogueFile[]): string[] {
  return files.map((file) => keyOf({ filename: filenameOf(file), sha256: file.sha256 })).sort();
}
