import { dirname, join } from 'node:path';
import { KhoError } from '../errors.ts';
import { makeFolder } from '../io/disk.ts';
import { isWritable } from '../io/is-writable.ts';
import { checkOriginalsFolder } from './originals.ts';
import type { PackageFile } from './packages-folder.ts';
import type { IncomingFile } from './scan-incoming.ts';
import type { TakingRun } from './taking-run.ts';

export interface Place extends PackageFile {
  /** The name of its repository. */
  repository: string;
  mayReplace: boolean;
}

/** To all places. Until the end of the run it stays where it came from, and a run that is stopped begins again. */
export async function bring(
  run: TakingRun,
  from: IncomingFile,
  places: readonly Place[],
  sha256: string,
): Promise<void> {
  checkRemovable(from);
  const source = run.sourceOf(from, sha256);
  for (const [index, { file, full, repository, mayReplace }] of places.entries()) {
    const isOriginal = file.startsWith('originals/');
    if (isOriginal) {
      checkOriginalsFolder(run.config.root, repository);
      makeFolder(dirname(full));
    }
    const isApart = index < places.length - 1; // the last one may share the inode of what goes
    const placed = await run.placing.place(source, full, { isApart, mayReplace });
    if (placed === 'other bytes there') throw cameMeanwhile(full);
    if (!isOriginal) run.taken.moved.push({ file: from.file, to: file });
  }
  run.drop(from, (places.at(-1) as Place).full);
}

/** A file that cannot be taken away would come again with each run. @throws {KhoError} WRITE */
export function checkRemovable({ folder, name }: IncomingFile): void {
  if (isWritable(folder)) return;
  const cause = Object.assign(new Error('others may not write in its folder'), { code: 'EACCES' });
  const hint = 'let the user that runs kho write in this folder (chmod g+w)';
  throw new KhoError('WRITE', `Cannot take "${join(folder, name)}" away`, { cause, hint });
}

export function cameMeanwhile(full: string): KhoError {
  return new KhoError('WRITE', `Cannot move it to "${full}": something else came there meanwhile`, {
    hint: 'run kho again',
  });
}
