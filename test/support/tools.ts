/** Where the tests find what scripts/test.mjs prepared for them. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's own folder. */
export const PROJECT_DIR = fileURLToPath(new URL('../..', import.meta.url));

/** The bundle that end-to-end tests run: `process.execPath KHO build SITE`. */
export const KHO = join(PROJECT_DIR, 'dist', 'kho.js');

/**
 * Downloads and Python environments, kept from run to run; it may be deleted any time.
 * It lies outside the tree; scripts/prepare/cache.mjs chooses the same folder.
 */
export const CACHE_DIR =
  process.env['KHO_TEST_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kho-tests');

/** The folder of a Python environment, whether it is there or not. */
export function venvFolder(venv: string): string {
  return join(CACHE_DIR, 'venvs', venv);
}

/** Whether scripts/test.mjs could make this environment: `pip-9.0.3` needs a Python that not every machine has. */
export function hasVenv(venv: string): boolean {
  return existsSync(join(venvFolder(venv), 'ready'));
}

/**
 * A program of one of the Python environments in scripts/prepare/pins.mjs, for example `venvProgram('oracle', 'python')`.
 *
 * @throws {Error} saying how to get it when it is not there.
 */
export function venvProgram(venv: string, program: string): string {
  const path = join(venvFolder(venv), 'bin', program);
  if (!existsSync(path)) throw new Error(`${path} is not there: run \`node scripts/test.mjs --prepare\` first`);
  return path;
}
