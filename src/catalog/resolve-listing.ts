import { PROBLEM_HINTS, type Problem } from '../problems.ts';
import { fileIdentity } from '../standards/file-identity.ts';
import type { IndexedFile } from './model.ts';

/** What each repository has of one project, and whose files it lists besides its own. */
export interface ListingSources {
  /** Files of its own packages/, by repository, each sorted by path. */
  own: ReadonlyMap<string, readonly IndexedFile[]>;
  /** Names of the repositories it includes, in order; without cycles. */
  include: ReadonlyMap<string, readonly string[]>;
  /** Whether a repository takes an included file; what its machines could not run is passed over. All, when left out. */
  takes?(repository: string, file: IndexedFile): boolean;
}

/** What is listed under each repository's name, and what was found doubtful on the way. */
export interface Listing {
  /** By repository; sorted by filename, each filename once. */
  listed: Map<string, IndexedFile[]>;
  /** Names of which no file is listed, since several with other bytes bear them. */
  problems: Problem[];
  /** Included files that stand behind an own one with other bytes. */
  notes: Problem[];
}

/**
 * Decide for every repository which file stands under which name: never two under one.
 *
 * An own file hides an included one of its name, also where that is spelled differently. Within one packages/, and among includes, equal bytes are listed once (the first
 * path, the first include); with other bytes nobody can tell which is meant, so none is listed.
 */
export function resolveListing(repositories: readonly string[], sources: ListingSources): Listing {
  const result: Listing = { listed: new Map(), problems: [], notes: [] };

  const resolve = (repository: string): IndexedFile[] => {
    const resolved = result.listed.get(repository);
    if (resolved) return resolved;
    const own = sources.own.get(repository) ?? [];
    const included = (sources.include.get(repository) ?? []).flatMap(resolve);
    const listed = new Map<string, IndexedFile>();
    choose(own, listed, result.problems, 'its sub-folders hold other bytes under this name');
    const ownNames = new Set(own.map((file) => file.filename));
    const ownIdentities = included.length > 0 ? identities([...listed.values()]) : undefined;

    const fromIncludes: IndexedFile[] = [];
    for (const file of included) {
      if (sources.takes?.(repository, file) === false) continue;
      const twin = ownIdentities?.get(identityOf(file));
      if (!ownNames.has(file.filename) && (!twin || twin.sha256 === file.sha256)) fromIncludes.push(file);
      else {
        const hiding = listed.get(file.filename) ?? twin;
        if (hiding && hiding.sha256 !== file.sha256) result.notes.push(hiddenNote(repository, hiding, file));
      }
    }
    choose(fromIncludes, listed, result.problems, `what "${repository}" includes holds other bytes under this name`);
    const sorted = [...listed.values()].sort((a, b) => (a.filename < b.filename ? -1 : 1));
    result.listed.set(repository, sorted);
    return sorted;
  };

  for (const repository of repositories) resolve(repository);
  return result;
}

/** By what they stand for, however their names are spelled. */
function identities(files: readonly IndexedFile[]): Map<string, IndexedFile> {
  return new Map(files.map((file) => [identityOf(file), file]));
}

function identityOf({ filename, version }: IndexedFile): string {
  return fileIdentity(filename, version);
}

/** Add one file of each name to `listed`, or none where the bytes differ. */
function choose(
  files: readonly IndexedFile[],
  listed: Map<string, IndexedFile>,
  problems: Problem[],
  why: string,
): void {
  const byName = new Map<string, IndexedFile[]>();
  for (const file of files) {
    const same = byName.get(file.filename);
    if (same) same.push(file);
    else byName.set(file.filename, [file]);
  }
  for (const [filename, same] of byName) {
    const [first, ...others] = same as [IndexedFile, ...IndexedFile[]];
    if (others.every((other) => other.sha256 === first.sha256)) listed.set(filename, first);
    else problems.push(conflict(same, why));
  }
}

/** From the site's root. */
export function sitePath(file: { repository: string; path: string }): string {
  return file.repository === '.' ? `packages/${file.path}` : `${file.repository}/packages/${file.path}`;
}

function conflict(files: readonly IndexedFile[], why: string): Problem {
  const paths = [...new Set(files.map(sitePath))].sort();
  const what = `is not listed: ${why} (${paths.join(', ')})`;
  return { code: 'conflict', file: paths[0] as string, what, hint: PROBLEM_HINTS.conflict };
}

function hiddenNote(repository: string, own: IndexedFile, included: IndexedFile): Problem {
  const what = `stands in "${repository}" before ${sitePath(included)}, which has the same name${own.filename === included.filename ? '' : ', spelled differently,'} and other bytes`;
  return { code: 'hidden', file: sitePath(own), what, hint: PROBLEM_HINTS.hidden };
}
