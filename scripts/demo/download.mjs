import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../prepare/run.mjs';

/** Options that make pip take wheels for a machine with glibc. */
export function manylinux(arch) {
  return ['2014', '_2_17', '_2_28'].map((policy) => `--platform=manylinux${policy}_${arch}`);
}

/**
 * Download packages into a site, unless they are there, as the machine's pip is set up to.
 *
 * @param {string} site
 * @param {{ python: string, version: string }} environment with pip; unless a call says another version, wheels are for that one
 * @param {[string, string[]][]} calls one call of pip for each folder: repository, arguments
 * @returns {Promise<boolean>} whether anything had to be downloaded
 * @throws {Error} with what pip said.
 */
export async function downloadPackages(site, { python, version }, calls) {
  const stamp = join(site, '.downloaded');
  const wanted = JSON.stringify([version, calls]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;

  await rm(site, { recursive: true, force: true });
  await mkdir(site, { recursive: true });
  const waiting = [...calls];
  const worker = async () => {
    for (let call = waiting.shift(); call; call = waiting.shift()) {
      const [repository, args] = call;
      const folder = join(site, repository, 'packages');
      const result = await run([python, '-m', 'pip', 'download', '--quiet', '--dest', folder, ...args], {
        timeoutS: 300,
      });
      if (!result.ok) throw new Error(`pip could not download packages:\n${result.output}`);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  await writeFile(stamp, wanted);
  return true;
}
