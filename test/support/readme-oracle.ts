import { join } from 'node:path';
import { runOrThrow } from './run-program.ts';
import { PROJECT_DIR, venvProgram } from './tools.ts';

/** PyPI shows those without a fault only. */
export type PypiRendering = [html: string, isFaultless: boolean];

/** Descriptions as PyPI shows them. */
export async function renderAsOnPypi(
  descriptions: readonly (readonly [text: string, kind: 'markdown' | 'rst'])[],
): Promise<PypiRendering[]> {
  const script = join(PROJECT_DIR, 'test', 'support', 'readme-oracle.py');
  const input = descriptions.map((description) => `${JSON.stringify(description)}\n`).join('');
  const { stdout } = await runOrThrow(venvProgram('oracle', 'python'), ['-X', 'utf8', script], { input });
  const answers = stdout.trimEnd().split('\n');
  return answers.map((line) => JSON.parse(line) as PypiRendering);
}
