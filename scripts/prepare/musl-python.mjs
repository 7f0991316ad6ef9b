import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fetchFromDebian, isDebian } from './debian-archive.mjs';
import { MUSL_PYTHON } from './pins.mjs';
import { run, seconds } from './run.mjs';

const STAMP = JSON.stringify([MUSL_PYTHON, 1]);

/** Debian's musl-gcc, except that it does not say that it builds for GNU: the modules of this Python have to be called `…-linux-musl.so`. */
const COMPILER = `#!/bin/sh
case "$*" in *-print-multiarch) exit 0;; esac
exec musl-gcc "$@"
`;

/** The folder in `work` whose name starts like this. */
async function sourceFolder(work, start) {
  const name = (await readdir(work, { withFileTypes: true })).find(
    (entry) => entry.isDirectory() && entry.name.startsWith(start),
  )?.name;
  if (name === undefined) throw new Error(`no folder ${start}… in the sources`);
  return join(work, name);
}

async function build(folder, work) {
  const { failed, files } = await fetchFromDebian(work, { ...MUSL_PYTHON, kind: 'deb-src' });
  if (failed) return failed;
  const compiler = join(folder, 'bin', 'musl-cc');
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(compiler, COMPILER);
  await chmod(compiler, 0o755);
  for (const file of files) {
    const unpacked = await run(['tar', '-xf', file, '-C', work], { timeoutS: 120 });
    if (!unpacked.ok) return unpacked.output;
  }

  const zlib = await sourceFolder(work, 'zlib-');
  const python = await sourceFolder(work, 'Python-');
  const make = ['make', `-j${availableParallelism()}`];
  const env = {
    ...process.env,
    CC: compiler,
    // Taken for a build for another machine it leaves out this one's header files, which are glibc's.
    _PYTHON_HOST_PLATFORM: 'linux-x86_64',
  };
  const steps = [
    [zlib, ['./configure', `--prefix=${folder}`, '--static'], { CFLAGS: '-O2 -fPIC' }],
    [zlib, [...make, 'install']],
    [
      python,
      [
        './configure',
        '--build=x86_64-linux-musl',
        `--prefix=${folder}`,
        '--disable-test-modules',
        '--without-ensurepip',
        'OPT=-O1 -DNDEBUG', // quicker to build than to run
        `CPPFLAGS=-I${join(folder, 'include')}`,
        `LDFLAGS=-L${join(folder, 'lib')}`,
      ],
    ],
    [python, make],
    [python, ['make', 'install']],
  ];
  for (const [cwd, command, more] of steps) {
    const result = await run(command, { cwd, env: { ...env, ...more }, timeoutS: 900 });
    if (!result.ok) return result.output.slice(-2000);
  }

  const code = 'import sysconfig, zlib, socket; print(sysconfig.get_config_var("SOABI"))';
  const answer = await run([join(folder, 'bin', `python${MUSL_PYTHON.version}`), '-c', code], { timeoutS: 30 });
  return answer.ok && answer.output.endsWith('-linux-musl') ? undefined : `it says ${answer.output}`;
}

/**
 * Build a CPython with musl instead of glibc, and zlib in it: the interpreter that Alpine has. It has no ssl and no ctypes, which pip does
 * without. About two minutes, once.
 *
 * @param {string} cache
 * @returns {Promise<string[]>} why it could not be built.
 */
export async function prepareMuslPython(cache) {
  const folder = join(cache, 'musl-python');
  const stamp = join(folder, 'ready');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === STAMP) return [];
  if (!isDebian()) return ['musl-python: only Debian on x86_64 can build it for the tests'];

  console.log('Building a Python for musl …');
  const started = Date.now();
  const work = `${folder}.work`;
  for (const old of [folder, work]) await rm(old, { recursive: true, force: true });
  const failed = await build(folder, work);
  await rm(work, { recursive: true, force: true });
  if (failed) return [`musl-python: ${failed}`];
  await writeFile(stamp, STAMP);
  console.log(`  done in ${seconds((Date.now() - started) / 1000)}`);
  return [];
}
