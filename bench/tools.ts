/** What the measurements need from outside, installed once into the cache: the peers, and real METADATA texts. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE_DIR } from '../test/support/tools.ts';

export const BENCH_CACHE = join(CACHE_DIR, 'bench');
export const BENCH_FOLDER = import.meta.dirname;

const inVenv = (venv: string, program: string) => join(venv, 'bin', program);

/** Where the peers' programs are: `peer('dumb-pypi')`. Installs them first when they are not there. */
export function installPeers(): (program: string) => string {
  const venv = installOnce('peers', join(BENCH_FOLDER, 'requirements.txt'), (folder, requirements) => {
    run('python3', ['-m', 'venv', folder]);
    run(inVenv(folder, 'pip'), ['install', '--quiet', '--no-deps', '-r', requirements]);
  });
  return (program) => inVenv(venv, program);
}

/** Programs of package servers written in Python. Installs them first when they are not there. */
export function installPythonServers(): (program: string) => string {
  const venv = installOnce('python-servers', join(BENCH_FOLDER, 'python-servers.txt'), (folder, requirements) => {
    run('python3', ['-m', 'venv', folder]);
    run(inVenv(folder, 'pip'), ['install', '--quiet', '--no-deps', '-r', requirements]);
  });
  return (program) => inVenv(venv, program);
}

/** Programs of other servers that take uploads. Installs them first when they are not there. */
export function installUploadServers(): (program: string) => string {
  const venv = installOnce('upload-servers', join(BENCH_FOLDER, 'upload-servers.txt'), (folder, requirements) => {
    run('python3', ['-m', 'venv', folder]);
    run(inVenv(folder, 'pip'), ['install', '--quiet', '--no-deps', '-r', requirements]);
  });
  return (program) => inVenv(venv, program);
}

/** A folder with the wheels of real packages. Downloads them first when they are not there. */
export function realPackages(): string {
  return installOnce('packages', join(BENCH_FOLDER, 'real-packages.txt'), (folder, requirements) => {
    run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, '-r', requirements]);
  });
}

/** METADATA of real packages, always in the same order. */
export function realMetadataTexts(): string[] {
  const folder = installOnce('metadata', join(BENCH_FOLDER, 'metadata-of.txt'), (target, requirements) => {
    const options = ['--quiet', '--no-deps', '--only-binary', ':all:', '--no-compile', '--target', target];
    run('python3', ['-m', 'pip', 'install', ...options, '-r', requirements]);
  });
  return readdirSync(folder)
    .filter((name) => name.endsWith('.dist-info'))
    .sort()
    .map((name) => readFileSync(join(folder, name, 'METADATA'), 'utf8'));
}

/** Virtual environments hold their own path, so this one is made in place, and trusted only once the mark is in it. */
function installOnce(name: string, requirements: string, install: (folder: string, file: string) => void): string {
  const key = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(BENCH_CACHE, `${name}-${key}`);
  const mark = join(folder, 'complete');
  if (existsSync(mark)) return folder;
  console.error(`Installing ${name} into ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(BENCH_CACHE, { recursive: true });
  install(folder, requirements);
  mkdirSync(mark);
  return folder;
}

function run(program: string, args: string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Make the folder under another name, so that one made in part is never taken for a whole one. */
export function makeFolderOnce(folder: string, make: (unfinished: string) => void): void {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  make(unfinished);
  renameSync(unfinished, folder);
}
