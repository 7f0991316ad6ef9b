import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VENVS } from './pins.mjs';
import { findPythons } from './pythons.mjs';
import { run, seconds } from './run.mjs';

const CONSTRAINTS = fileURLToPath(new URL('constraints.txt', import.meta.url));

/** What an environment was made from; it is made again when this changes. */
function stampOf(venv) {
  return JSON.stringify([venv, venv.constraints ? readFileSync(CONSTRAINTS, 'utf8') : '']);
}

function isReady(folder, venv) {
  // The program itself is asked too: a Python that was removed leaves a dead link.
  const stamp = join(folder, 'ready');
  return existsSync(join(folder, 'bin/python')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(venv);
}

async function make(folder, venv, python) {
  await rm(folder, { recursive: true, force: true });
  const constraints = venv.constraints ? ['-c', CONSTRAINTS] : [];
  const steps = [
    [python, '-m', 'venv', folder],
    // With the machine's own settings: its PIP_* variables and pip.conf say where packages come from.
    [join(folder, 'bin/python'), '-m', 'pip', 'install', '--quiet', ...constraints, ...venv.packages],
  ];
  let total = 0;
  for (const step of steps) {
    const result = await run(step, { timeoutS: 400 });
    total += result.seconds;
    if (!result.ok) return { failed: `${venv.name}: ${result.output}` };
  }
  await writeFile(join(folder, 'ready'), stampOf(venv));
  console.log(`  ${venv.name} in ${seconds(total)}`);
  return {};
}

/**
 * Make the Python environments of pins.mjs that are not ready.
 *
 * @param {string} cache
 * @returns {Promise<string[]>} what could not be made, one line or more each.
 */
export async function prepareVenvs(cache) {
  const waiting = VENVS.filter((venv) => !isReady(join(cache, 'venvs', venv.name), venv));
  if (waiting.length === 0) return [];
  const pythons = await findPythons();
  await mkdir(join(cache, 'venvs'), { recursive: true });

  const missing = [];
  const worker = async () => {
    for (let venv = waiting.shift(); venv; venv = waiting.shift()) {
      const version = venv.python.find((wanted) => pythons.has(wanted));
      if (version) {
        const { failed } = await make(join(cache, 'venvs', venv.name), venv, pythons.get(version));
        if (failed) missing.push(failed);
        continue;
      }
      const which = `${venv.name}: no Python ${venv.python.join(', ')} with venv on this machine`;
      if (venv.without) console.log(`  ${which}; ${venv.without}`);
      else missing.push(which);
    }
  };
  console.log('Making Python environments for the clients …');
  await Promise.all([worker(), worker()]); // one core each; they mostly wait for downloads
  return missing;
}
