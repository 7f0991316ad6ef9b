import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';

/** Prints its version if it can make environments: Debian leaves `ensurepip` out unless python3-venv is installed. */
const PROBE =
  'import sys, venv, ensurepip; print("%d.%d %s" % (sys.version_info[0], sys.version_info[1], sys.executable))';

/** Programs that may be a Python: those of pyenv first, for its shims on PATH refuse versions that are not switched on. */
function candidates() {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const pyenv = existsSync(versions) ? readdirSync(versions).map((name) => join(versions, name, 'bin', 'python3')) : [];
  const path = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => /^python3(\.\d+)?$/.test(name))
        .map((name) => join(folder, name));
    } catch {
      return [];
    }
  });
  return [...pyenv.filter((program) => existsSync(program)), ...path.filter((program) => !program.includes('/shims/'))];
}

/**
 * The Pythons of this machine that can make environments.
 *
 * @returns {Promise<Map<string, string>>} `3.11` → program; the first one found of each version.
 */
export async function findPythons() {
  const found = new Map();
  const answers = await Promise.all(
    [...new Set(candidates())].map((program) => run([program, '-c', PROBE], { timeoutS: 20 })),
  );
  for (const { ok, output } of answers) {
    const [version, program] = output.split(' ');
    if (ok && program && !found.has(version)) found.set(version, program);
  }
  return found;
}
