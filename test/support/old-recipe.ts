import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOrThrow } from './run-program.ts';
import { venvProgram } from './tools.ts';

/** The index of one repository as users of dumb-pypi make it: from the names of what lies in `packages/`. */
export async function buildOldRecipe(repository: string): Promise<void> {
  mkdirSync(join(repository, 'packages'), { recursive: true });
  const list = join(repository, 'packages.txt');
  writeFileSync(list, readdirSync(join(repository, 'packages')).join('\n'));
  await runOrThrow(venvProgram('dumb-pypi', 'dumb-pypi'), [
    ...['--package-list', list, '--packages-url', '../../packages/', '--output-dir', repository],
  ]);
}
