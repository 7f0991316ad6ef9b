import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PROGRAMS } from './pins.mjs';
import { run, seconds } from './run.mjs';

/** Servers live in folders that only root has on its PATH. */
function isOnPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}

const absent = () => PROGRAMS.filter(({ program }) => !isOnPath(program));

/**
 * Install the programs of pins.mjs that are not there, where that is possible: as root, with apt.
 *
 * @returns {Promise<string[]>} one line for each program that is still missing.
 */
export async function preparePrograms() {
  if (absent().length === 0) return [];
  const packages = absent().map(({ debian }) => debian);
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', ...packages];
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    console.log(`To run all tests, type:  sudo apt-get update && sudo ${install.join(' ')}`);
    return absent().map(({ program }) => `${program}: not installed`);
  }

  console.log(`Installing from Debian: ${packages.join(' ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run(['apt-get', 'update', '-qq'], { timeoutS: 180, env });
  const result = await run(install, { timeoutS: 300, env });
  if (result.ok) console.log(`  done in ${seconds(result.seconds)}`);
  else console.log(result.output);
  return absent().map(({ program }) => `${program}: apt-get could not install it`);
}
