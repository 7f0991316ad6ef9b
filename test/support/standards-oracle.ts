/** Asks Python's own libraries what they make of something: standards-oracle.py. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { PROJECT_DIR, venvProgram } from './tools.ts';

/** One Python process answers all questions of one kind. */
export function ask<Answer>(kind: string, questions: unknown[][]): Answer[] {
  const { status, stdout, stderr } = spawnSync(
    venvProgram('oracle', 'python'),
    ['-X', 'utf8', join(PROJECT_DIR, 'test', 'support', 'standards-oracle.py')],
    {
      input: questions.map((question) => `${JSON.stringify([kind, ...question])}\n`).join(''),
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    },
  );
  if (status !== 0) throw new Error(`The oracle failed: ${stderr}`);
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
  expect(answers).toHaveLength(questions.length);
  return answers;
}
