import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PROGRAMS } from './pins.mjs';
import { run, seconds } from './run.mjs';

/** Servers live in folders that only root has on its PATH. */
function isOnPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}

const absent = () => PROGRAMS.filter(({ program }) => !isOnPath(program));

/** apt-get in a folder of its own: where apt empties its usual one after each run, as in containers, a second run that goes on beside it loses its packages. */
async function install(command, env) {
  const archives = await mkdtemp(join(tmpdir(), 'kho-archives-'));
  await mkdir(join(archives, 'partial'));
  const [program, ...args] = command;
  const options = { 'Dir::Cache::Archives': archives, 'DPkg::Lock::Timeout': 120, 'APT::Sandbox::User': 'root' };
  const words = Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  const result = await run([program, ...words, ...args], { timeoutS: 600, env });
  await rm(archives, { recursive: true, force: true });
  return result;
}

/**
 * Install the programs of pins.mjs that are not there, where that is possible: as root, with apt.
 *
 * @returns {Promise<string[]>} one line for each program that is still missing.
 */
export async function preparePrograms() {
  if (absent().length === 0) return [];
  const packages = absent().flatMap(({ debian }) => debian);
  const command = ['apt-get', 'install', '--yes', '--no-install-recommends', ...packages];
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    console.log(`To run all tests, type:  sudo apt-get update && sudo ${command.join(' ')}`);
    return absent().map(({ program }) => `${program}: not installed`);
  }

  console.log(`Installing from Debian: ${packages.join(' ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run(['apt-get', 'update', '-qq'], { timeoutS: 180, env });
  const result = await install(command, env);
  if (result.ok) console.log(`  done in ${seconds(result.seconds)}`);
  else console.log(result.output);
  return absent().map(({ program }) => `${program}: apt-get could not install it`);
}
