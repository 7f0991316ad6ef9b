import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { hashFile, inspectFile, verifyFile } from '../inspect/inspect-file.ts';
import { copyPackage, flushPath, makeFolder, removeFile, rename } from '../io/disk.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { FormatError } from '../problems.ts';
import { lockSite } from '../publish/lock.ts';
import { stateFolder } from '../publish/state-folder.ts';
import { fileStamp } from '../scan/scan-packages.ts';
import { planRetag } from '../standards/platforms/retag-name.ts';
import { freeName, originalsFolder } from './originals.ts';
import { writeRetagged } from './write-retagged.ts';

export interface RetagOptions {
  /** The version of musl to name wheels for; see `planRetag`. */
  musl?: string;
  /** Where to write new wheels, absolute; beside the old ones when left out. */
  out?: string;
  /** The site around the file, if there is one. */
  config?: SiteConfig;
}

/** What became of one wheel. Paths are absolute. */
export interface RetagResult {
  file: string;
  /** The wheel under its new name; absent when it has a true one. */
  retagged?: string;
  /** Where the old one is kept. */
  original?: string;
  /** Nothing tells for which musl it was built. */
  assumedMusl?: string;
}

/**
 * Write a wheel once more, under the name that tells where it runs. In packages/ of a site the new one takes the place of the old,
 * which goes to originals/; elsewhere the old one stays where it is.
 *
 * @param path of a file that is there
 * @throws {FormatError} what is wrong with it, or why there is no truer name
 * @throws {KhoError} WRITE, LOCKED
 */
export async function retagFile(path: string, options: RetagOptions): Promise<RetagResult> {
  const file = realpathSync(path);
  if (!file.endsWith('.whl')) throw new FormatError('not-a-package', 'is no wheel');
  const stamp = fileStamp(statSync(file));
  const { facts } = await inspectFile(file, stamp);
  await verifyFile(file);
  const plan = planRetag(basename(file), facts.binaries, options.musl);
  if (plan.is === 'true already') return { file };
  if (plan.is === 'no better name') throw new FormatError('lying-tag', plan.why, plan.hint);

  const { config, out } = options;
  const repository = config?.repositories.find(({ packages }) => packages && file.startsWith(`${packages}/`));
  const isInSite = config !== undefined && repository !== undefined && out === undefined;
  if (isInSite) makeFolder(stateFolder(config.root));
  const unlock = isInSite ? await lockSite(config.root, {}) : () => {};
  try {
    const retagged = join(out ?? dirname(file), plan.filename);
    if (out !== undefined) makeFolder(out);
    await writeBeside(file, facts.size, retagged, plan.filename);
    return {
      file,
      retagged,
      ...(isInSite && { original: await keepOriginal(file, retagged, originalsFolder(config.root, repository.name)) }),
      ...(plan.assumedMusl !== undefined && { assumedMusl: plan.assumedMusl }),
    };
  } finally {
    unlock();
  }
}

async function writeBeside(file: string, size: number, retagged: string, filename: string): Promise<void> {
  const folder = dirname(retagged);
  const temporary = join(folder, temporaryName());
  try {
    await writeRetagged(file, size, temporary, filename);
    if (lstatSync(retagged, { throwIfNoEntry: false }) === undefined) {
      rename(temporary, retagged);
      if (process.platform !== 'win32') flushPath(folder);
    } else if ((await hashFile(temporary)) !== (await hashFile(retagged))) {
      throw new KhoError('WRITE', `Cannot write "${retagged}": other bytes stand there`, {
        hint: 'remove that file, or build this one again with a build number',
      });
    }
  } finally {
    removeFile(temporary);
  }
}

/** Side-files that are about the bytes go with them; a yank is about the release. */
async function keepOriginal(file: string, retagged: string, folder: string): Promise<string> {
  makeFolder(folder);
  const known = join(folder, basename(file));
  const isKnown = existsSync(known) && (await hashFile(known)) === (await hashFile(file));
  const kept = isKnown ? known : join(folder, freeName(folder, basename(file)));
  if (existsSync(`${file}.yanked`) && !existsSync(`${retagged}.yanked`)) {
    moveOver(`${file}.yanked`, `${retagged}.yanked`);
  }
  for (const side of ['asc', 'provenance']) {
    if (existsSync(`${file}.${side}`)) moveOver(`${file}.${side}`, `${kept}.${side}`);
  }
  if (isKnown) removeFile(file);
  else moveOver(file, kept);
  return kept;
}

/** The two may be on different disks. */
function moveOver(from: string, to: string): void {
  try {
    rename(from, to);
  } catch (error) {
    if (!(error instanceof KhoError) || (error.cause as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const temporary = join(dirname(to), temporaryName());
    copyPackage(from, temporary, { link: false, modifiedMs: statSync(from).mtimeMs });
    flushPath(temporary);
    rename(temporary, to);
    removeFile(from);
  }
}
