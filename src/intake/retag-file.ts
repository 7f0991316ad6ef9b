import { basename, dirname, join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { hashFile, inspectFile } from '../inspect/inspect-file.ts';
import { makeFolder } from '../io/disk.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { look } from '../io/open-file.ts';
import { closeFolders } from '../io/reach.ts';
import { FormatError } from '../problems.ts';
import { lockSite } from '../publish/lock.ts';
import { stateFolder } from '../publish/state-folder.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { planRetag } from '../standards/platforms/retag-name.ts';
import { isAboutBytes, PEOPLES_SIDE_FILES } from '../standards/side-files.ts';
import { makeRetagged } from './destination.ts';
import { leftoversInOriginals, removeLeftovers } from './leftovers.ts';
import { locateWheel } from './locate-wheel.ts';
import { freeName, keptNames, makeOriginalsFolder, originalsFolder } from './originals.ts';
import type { WholeSource } from './place-whole.ts';
import { Placing } from './placing.ts';

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
 * @param path absolute
 * @throws {FormatError} what is wrong with it, or why there is no truer name
 * @throws {KhoError} WRITE, LOCKED
 */
export async function retagFile(path: string, options: RetagOptions): Promise<RetagResult> {
  const { config, out } = options;
  closeFolders();
  if (config) inPlaceTarget(config);
  const { file, repository } = locateWheel(path, config);
  if (!file.endsWith('.whl')) throw new FormatError('not-a-package', 'is no wheel');
  const stats = look(file);
  if (!stats?.isFile()) throw new FormatError('not-readable', 'cannot be read (it is no file)');
  const stamp = fileStamp(stats);
  const { facts } = await inspectFile(file, stamp, { verify: {} });
  const plan = planRetag(basename(file), facts.binaries, options.musl);
  if (plan.is === 'true already') return { file };
  if (plan.is === 'no better name') throw new FormatError('lying-tag', plan.why, plan.hint);

  const source: WholeSource = { path: file, stamp, sha256: facts.sha256 };
  const place = out === undefined && repository && config ? { config, repository: repository.name } : undefined;
  if (place) makeFolder(stateFolder(place.config.root));
  const unlock = place ? await lockSite(place.config.root, {}) : () => {};
  const retagged = join(out ?? dirname(file), plan.filename);
  const originals = place && originalsFolder(place.config.root, place.repository);
  const placing = new Placing([repository?.packages, originals].filter((top) => top !== undefined));
  try {
    if (place) removeLeftovers(leftoversInOriginals(place.config));
    if (out !== undefined) makeFolder(out);
    await placeRetagged(source, retagged, placing);
    const original = place && (await keepOriginal(source, retagged, place, placing));
    await placing.finish();
    const { assumedMusl } = plan;
    return {
      file,
      retagged,
      ...(original !== undefined && { original }),
      ...(assumedMusl !== undefined && { assumedMusl }),
    };
  } finally {
    placing.close();
    unlock();
  }
}

async function placeRetagged({ path, stamp }: WholeSource, retagged: string, placing: Placing): Promise<void> {
  const made = await makeRetagged(path, stamp, placing.folders.pathFor(retagged), basename(retagged));
  if ((await placing.place(made, retagged)) !== 'other bytes there') return;
  throw new KhoError('WRITE', `Cannot write "${retagged}": other bytes stand there`, {
    hint: 'remove that file, or build this one again with a build number',
  });
}

/** Side-files that are about the bytes go with them; a yank is about the release. The old wheel goes last: until then a run begins again. */
async function keepOriginal(
  source: WholeSource,
  retagged: string,
  { config, repository }: { config: SiteConfig; repository: string },
  placing: Placing,
): Promise<string> {
  const { path } = source;
  makeOriginalsFolder(config.root, repository);
  const folder = originalsFolder(config.root, repository);
  const copyBefore = await keptBefore(folder, source);
  const kept = join(folder, copyBefore ?? freeName(folder, basename(path)));
  for (const side of PEOPLES_SIDE_FILES) {
    const staysWithBytes = isAboutBytes(side);
    await moveSide(`${path}.${side}`, `${staysWithBytes ? kept : retagged}.${side}`, staysWithBytes, placing);
  }
  if (copyBefore === undefined && (await placing.place(source, kept)) === 'other bytes there') {
    throw new KhoError('WRITE', `Cannot write "${kept}": other bytes stand there`, { hint: 'run kho again' });
  }
  placing.drop(source, kept);
  return kept;
}

/** The name of a file with the same bytes. */
async function keptBefore(folder: string, { path, stamp, sha256 }: WholeSource): Promise<string | undefined> {
  for (const name of keptNames(folder, basename(path))) {
    const stats = look(join(folder, name));
    if (stats?.isFile() && stats.size === stamp.size && (await hashFile(join(folder, name))) === sha256) return name;
  }
  return undefined;
}

async function moveSide(from: string, to: string, mayReplace: boolean, placing: Placing): Promise<void> {
  const stats = look(from);
  if (!stats?.isFile()) return;
  const stamp = fileStamp(stats);
  const source: WholeSource = { path: from, stamp, sha256: await hashFile(from, stamp) };
  if ((await placing.place(source, to, { mayReplace })) !== 'other bytes there') placing.drop(source, to);
}
