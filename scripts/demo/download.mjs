import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../prepare/run.mjs';

/** With wheels for Python 3.9 to 3.14. asyncpg and cffi publish none for 32-bit ARM: such wheels teams build themselves. */
const BINARY = ['asyncpg==0.31.0', 'cffi==2.0.0', 'orjson==3.11.4'];
const PURE = ['pycparser==2.23', 'async-timeout==5.0.1'];
const SDIST = 'docopt==0.6.2';

/** What the demo installs in the end, and where: the repository that is right for this machine. */
export const INSTALLED = BINARY.map((pin) => pin.split('==')[0]);
export const HOST = hostRepository();

function hostRepository() {
  if (process.platform !== 'linux') return process.platform === 'darwin' ? 'macos' : process.platform;
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
}

function manylinux(arch) {
  return ['2014', '_2_17', '_2_28'].map((policy) => `--platform=manylinux${policy}_${arch}`);
}

/** One call of pip for each folder: [repository, arguments]. */
function downloads() {
  const arch = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const wheels = ['--no-deps', '--only-binary=:all:'];
  const calls = [
    ['common', [...wheels, ...PURE]],
    // pip asks an sdist for its metadata, which needs its build tools for a moment.
    ['common', ['--no-deps', '--no-binary=:all:', SDIST]],
    ['glibc', [...wheels, ...manylinux(arch), ...BINARY]],
    ['musl', [...wheels, `--platform=musllinux_1_2_${arch}`, ...BINARY]],
    ['armhf', [...wheels, ...manylinux('armv7l'), BINARY[2]]],
  ];
  if (HOST !== 'glibc' && HOST !== 'musl') calls.push([HOST, [...wheels, ...BINARY]]);
  return calls;
}

/**
 * Download the demo's packages into the site, unless they are there, as the machine's pip is set up to.
 *
 * @param {string} site
 * @param {string} python of an environment with pip
 * @param {string} version of that Python: the wheels are for it
 * @returns {Promise<boolean>} whether anything had to be downloaded
 * @throws {Error} with what pip said.
 */
export async function downloadPackages(site, python, version) {
  const stamp = join(site, '.downloaded');
  const wanted = JSON.stringify([version, downloads()]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;

  await rm(site, { recursive: true, force: true });
  await mkdir(site, { recursive: true });
  const waiting = downloads();
  const worker = async () => {
    for (let call = waiting.shift(); call; call = waiting.shift()) {
      const [repository, args] = call;
      const folder = join(site, repository, 'packages');
      const result = await run([python, '-m', 'pip', 'download', '--quiet', '--dest', folder, ...args], {
        timeoutS: 300,
      });
      if (!result.ok) throw new Error(`pip could not download the packages of the demo:\n${result.output}`);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  await writeFile(stamp, wanted);
  return true;
}
