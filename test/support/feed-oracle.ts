import { join } from 'node:path';
import { runOrThrow } from './run-program.ts';
import { PROJECT_DIR, venvProgram } from './tools.ts';

/** What is wrong with Atom feeds, one a line: `PATH: FAULT`; see feed-oracle.py. */
export async function checkFeeds(folder: string, paths: readonly string[]): Promise<string[]> {
  const script = join(PROJECT_DIR, 'test', 'support', 'feed-oracle.py');
  const options = { cwd: folder, input: paths.map((path) => `${path}\n`).join('') };
  const { stdout } = await runOrThrow(venvProgram('oracle', 'python'), ['-X', 'utf8', script], options);
  return stdout.split('\n').filter(Boolean);
}
