import { housekeep } from '../housekeeping/housekeeping.ts';
import { type Marking, pathIn } from '../housekeeping/journal.ts';
import { markYanked } from '../housekeeping/mark-yanked.ts';
import { readYankReason } from '../inspect/side-files.ts';
import { look, readFile } from '../io/open-file.ts';
import { FormatError } from '../problems.ts';
import type { CatalogueFile } from '../sync-format/catalogue.ts';
import { filenameOf } from './catalogue-source.ts';
import type { PullPlace } from './placing-of.ts';

/** Of files that `kho pull` brought, which are yanked otherwise than at the centre. */
export function marksAsThere(
  files: readonly CatalogueFile[],
  isPulled: (filename: string) => boolean,
  { config, packages }: PullPlace,
): Marking[] {
  return files.flatMap((file): Marking[] => {
    const filename = filenameOf(file);
    const path = `${packages}/${filename}`;
    const full = pathIn(config, path);
    if (!isPulled(filename) || look(full) === undefined) return [];
    const wanted = file.yanked === undefined ? undefined : file.yanked === true ? '' : oneLine(file.yanked);
    if (reasonAt(`${full}.yanked`) === wanted) return [];
    return [{ file: path, yanked: wanted === undefined ? null : wanted === '' ? '' : `${wanted}\n` }];
  });
}

/** @throws {KhoError} LOCKED, WRITE */
export async function carryOutMarks(marks: readonly Marking[], { config, doer }: PullPlace): Promise<void> {
  if (marks.length > 0) await housekeep(config, doer, (places) => markYanked(config, places, marks));
}

function oneLine(reason: string): string {
  return readYankReason(Buffer.from(reason));
}

/** Undefined where there is none, or nobody can tell what it says. */
function reasonAt(path: string): string | undefined {
  if (look(path) === undefined) return undefined;
  try {
    return readYankReason(readFile(path));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
