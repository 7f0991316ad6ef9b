import { manylinux } from './download.mjs';

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

/** @returns {[string, string[]][]} what `downloadPackages` takes */
export function demoPackages() {
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
