import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MACHINES } from './pins.mjs';
import { run, seconds } from './run.mjs';

/** The words before a program of a machine: QEMU runs those of another processor, and finds their libraries in `root`. */
const starter = (cache, { emulated, root }) => (emulated ? ['qemu-arm-static', '-L', join(cache, root)] : []);

/** A wheel of pip, from where this machine's own pip gets packages. @throws {Error} with what pip said */
async function fetchPip(cache, pip) {
  const folder = join(cache, 'machines', pip.replace('==', '-'));
  const find = async () => (await readdir(folder).catch(() => [])).find((name) => name.endsWith('.whl'));
  if ((await find()) === undefined) {
    const python = join(cache, 'venvs', 'pip-latest', 'bin', 'python');
    const words = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, pip];
    const result = await run([python, ...words], { timeoutS: 120 });
    if (!result.ok) throw new Error(result.output);
  }
  return join(folder, await find());
}

async function make(cache, machine, folder) {
  const start = starter(cache, machine);
  const wheel = await fetchPip(cache, machine.pip);
  const steps = [
    [...start, join(cache, machine.root, machine.python), '-m', 'venv', '--without-pip', folder],
    // A wheel of pip can be run as it is, to install itself.
    [...start, join(folder, 'bin/python'), join(wheel, 'pip'), 'install', '--quiet', '--no-index', wheel],
  ];
  for (const step of steps) {
    const result = await run(step, { timeoutS: 200, env: { PATH: process.env.PATH, PIP_CONFIG_FILE: '/dev/null' } });
    if (!result.ok) return result.output;
  }
  return undefined;
}

/**
 * Make the Python environments of the machines of pins.mjs that are not ready. Wants their Pythons, and the environment `pip-latest`.
 *
 * @param {string} cache
 * @returns {Promise<string[]>} what could not be made.
 */
export async function prepareMachines(cache) {
  const missing = [];
  for (const machine of MACHINES) {
    const folder = join(cache, 'machines', machine.name);
    const stamp = join(folder, 'ready');
    const origin = join(cache, machine.root, 'ready');
    if (!existsSync(origin)) {
      missing.push(`${machine.name}: its Python is not there`);
      continue;
    }
    const wanted = JSON.stringify([machine, readFileSync(origin, 'utf8')]);
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue;
    const started = Date.now();
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(cache, 'machines'), { recursive: true });
    const failed = await make(cache, machine, folder).catch(({ message }) => message);
    if (failed) missing.push(`${machine.name}: ${failed}`);
    else {
      await writeFile(stamp, wanted);
      console.log(`Put pip on ${machine.name} in ${seconds((Date.now() - started) / 1000)}`);
    }
  }
  return missing;
}
