import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchFromDebian, isDebian } from './debian-archive.mjs';
import { FOLDERS } from './pins.mjs';
import { run, seconds } from './run.mjs';

/** It is unpacked again when this changes. */
const stampOf = ({ suite, packages, architecture }) => JSON.stringify([suite, packages, architecture]);

function isReady(folder, wanted) {
  const stamp = join(folder, 'ready');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(wanted);
}

async function unpack(folder, wanted) {
  const work = `${folder}.work`;
  const root = join(work, 'root');
  await rm(work, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  const { failed, files } = await fetchFromDebian(work, wanted);
  if (failed) return failed;
  for (const file of files) {
    const result = await run(['dpkg', '-x', file, root], { timeoutS: 60 });
    if (!result.ok) return result.output;
  }
  // Newer packages bring only `usr/lib`; programs name their loader by `/lib`, which the system makes a link.
  if (!existsSync(join(root, 'lib'))) await symlink('usr/lib', join(root, 'lib'));
  await rm(folder, { recursive: true, force: true });
  await rename(root, folder);
  await rm(work, { recursive: true, force: true });
  return undefined;
}

/**
 * Unpack the programs of pins.mjs that come from another Debian than this one, are for another kind of machine, or would start as
 * a service if they were installed, each into a folder of the cache with the libraries it needs. Nothing is installed; nobody has to be root.
 *
 * @param {string} cache
 * @returns {Promise<string[]>} what could not be had.
 */
export async function prepareDebianFolders(cache) {
  const missing = [];
  for (const wanted of FOLDERS) {
    const folder = join(cache, 'debian', wanted.name);
    if (isReady(folder, wanted)) continue;
    if (!isDebian()) {
      missing.push(`${wanted.name}: only Debian on x86_64 has it ready for the tests`);
      continue;
    }
    await mkdir(join(cache, 'debian'), { recursive: true });
    const started = Date.now();
    const failed = await unpack(folder, wanted);
    if (failed) missing.push(`${wanted.name}: ${failed}`);
    else {
      await writeFile(join(folder, 'ready'), stampOf(wanted));
      console.log(`Unpacked ${wanted.name} from Debian ${wanted.suite} in ${seconds((Date.now() - started) / 1000)}`);
    }
  }
  return missing;
}
