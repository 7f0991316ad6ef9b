import { join } from 'node:path';
import { runOrThrow } from './run-program.ts';
import { PROJECT_DIR, venvProgram } from './tools.ts';

/** Descriptions as PyPI shows them, as HTML; undefined for those that it cannot read. */
export async function renderAsOnPypi(
  descriptions: readonly (readonly [text: string, kind: 'markdown' | 'rst'])[],
): Promise<(string | undefined)[]> {
  const script = join(PROJECT_DIR, 'test', 'support', 'readme-oracle.py');
  const input = descriptions.map((description) => `${JSON.stringify(description)}\n`).join('');
  const { stdout } = await runOrThrow(venvProgram('oracle', 'python'), ['-X', 'utf8', script], { input });
  const answers = stdout.trimEnd().split('\n');
  return answers.map((line) => (JSON.parse(line) as string | null) ?? undefined);
}
