import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, seconds } from './run.mjs';

/** Whether node_modules holds what package-lock.json asks for; packages for other systems may be absent. */
function areInstalled(project) {
  try {
    const wanted = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8')).packages;
    return Object.entries(wanted).every(
      ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
    );
  } catch {
    return false;
  }
}

/**
 * Install the npm packages of the project unless they are there.
 *
 * @param {string} project its folder
 * @throws {Error} with what npm said.
 */
export async function prepareNpmPackages(project) {
  if (areInstalled(project)) return;
  console.log('Installing npm packages …');
  const result = await run(['npm', 'ci', '--no-audit', '--no-fund'], { cwd: project, timeoutS: 600 });
  if (!result.ok) throw new Error(`npm ci failed:\n${result.output}`);
  console.log(`  done in ${seconds(result.seconds)}`);
}
