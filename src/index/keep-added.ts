import { basename } from 'node:path';
import { removeFile } from '../io/disk.ts';
import { isTemporaryName } from '../io/temporary-name.ts';
import { baseGeneration } from '../publish/added-records.ts';
import { type Manifest, PROJECT_RECORDS, readManifest } from '../publish/manifest.ts';
import type { Prepared } from './prepare-index.ts';

/**
 * Let what is prepared leave those projects alone that somebody waited for, and that were published meanwhile. Lists of all projects may
 * not tell of them: the next build makes those anew. The lock must be held.
 *
 * @param root where the site is published
 * @returns false when more has changed than single projects: then all has to be looked at again
 */
export function keepAdded(prepared: Prepared, root: string): boolean {
  const { manifestBefore: known, manifest, plan } = prepared;
  const now = readManifest(root);
  if (!now || now.isDamaged || known.generation === '') return false;
  if (baseGeneration(now.generation) !== baseGeneration(known.generation)) return false;

  const added = addedSince(known, now);
  const own = [...prepared.results.values()].filter(({ name }) => added.has(name));
  const moves = new Set(own.flatMap((result) => result.moves));
  const changes = new Set(own.flatMap((result) => result.changes));
  const published = new Set(
    [...added.keys()].flatMap((name) => [...(known.projects.get(name)?.published.keys() ?? [])]),
  );
  const given = new Set([...moves].map(({ from }) => from).filter((from) => isTemporaryName(basename(from))));
  for (const path of given) removeFile(path); // beside packages: what else was staged goes with its folder

  prepared.changes = prepared.changes.filter((change) => !changes.has(change));
  plan.changing = plan.changing.filter((name) => !added.has(name));
  plan.moves = plan.moves.filter((move) => !moves.has(move));
  plan.removals = plan.removals.filter((path) => !published.has(path));
  plan.toFlush = plan.toFlush.filter((path) => !given.has(path));

  const shown = new Map<string, ReadonlySet<string>>();
  for (const [name, line] of added) {
    if (line === undefined) manifest.projects.delete(name);
    else manifest.projects.setLine(name, line);
    shown.set(name, new Set(line === undefined ? [] : Object.keys(PROJECT_RECORDS.parse(line)?.shown ?? {})));
  }
  manifest.added = added;
  const { owned } = plan;
  if (owned) {
    const lists = (repository: string, project: string) =>
      shown.get(project)?.has(repository) ?? owned.lists(repository, project);
    plan.owned = { ...owned, lists };
  }
  return true;
}

/** Records of projects that are others than they were. */
function addedSince(known: Manifest, now: Manifest): Map<string, string | undefined> {
  const added = [...(now.added ?? [])].filter(([name, line]) => known.projects.line(name) !== line);
  return new Map(added);
}
