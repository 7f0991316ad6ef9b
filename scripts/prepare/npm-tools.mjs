import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NPM_TOOLS } from './pins.mjs';
import { run, seconds } from './run.mjs';

/**
 * Fetch the tools of pins.mjs that come from npm, but would run a script of their own when they are installed with the
 * project: each into a folder of the cache, and nothing of it runs.
 *
 * @param {string} cache
 * @returns {Promise<string[]>} what could not be had.
 */
export async function prepareNpmTools(cache) {
  const missing = [];
  for (const { name, version, folder: own = name } of NPM_TOOLS) {
    const folder = join(cache, 'npm', own);
    const stamp = join(folder, `ready-${version}`);
    if (existsSync(stamp)) continue;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const words = [
      'npm',
      'install',
      '--prefix',
      folder,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `${name}@${version}`,
    ];
    const result = await run(words, { timeoutS: 300, cwd: folder });
    if (!result.ok) missing.push(`${name}: ${result.output}`);
    else {
      await mkdir(stamp);
      console.log(`Fetched ${name} ${version} in ${seconds(result.seconds)}`);
    }
  }
  return missing;
}
