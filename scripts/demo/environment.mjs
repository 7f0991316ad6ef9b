import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPythons } from '../prepare/pythons.mjs';
import { run } from '../prepare/run.mjs';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** @throws {Error} with the program's output, when it fails. */
export async function runOrThrow(command, options) {
  const result = await run(command, { cwd: PROJECT, timeoutS: 300, ...options });
  if (!result.ok) throw new Error(`${command.join(' ')}\n${result.output}`);
  return result;
}

/** A fresh environment in a folder: its pip downloads packages, and may install them. */
export async function makeEnvironment(venv) {
  const pythons = await findPythons();
  const version = ['3.13', '3.12', '3.11', '3.10', '3.9', '3.14'].find((wanted) => pythons.has(wanted));
  if (version === undefined) {
    throw new Error('The demo needs Python 3.9 to 3.14 with venv (Debian: apt-get install python3-venv)');
  }
  await mkdir(dirname(venv), { recursive: true });
  await rm(venv, { recursive: true, force: true });
  await runOrThrow([pythons.get(version), '-m', 'venv', venv]);
  const python = join(venv, 'bin', 'python');
  const { output } = await runOrThrow([python, '-m', 'pip', '--version']);
  return { python, version, pip: output.split(' ')[1] };
}
