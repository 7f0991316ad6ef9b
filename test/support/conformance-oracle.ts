/** What Python's own libraries read in packages and pages. */
import { join } from 'node:path';
import { runOrThrow } from './run-program.ts';
import { PROJECT_DIR, venvProgram } from './tools.ts';

export interface OraclePackage {
  sha256: string;
  size: number;
  project: string;
  version: string;
  metadataSha256: string;
  /** Python's names; only what the file has. */
  metadata: Record<string, unknown> & { requires_python?: string };
  members: [path: string, size: number, kind: string][];
}

export interface OracleLink {
  filename: string;
  url: string;
  sha256: string | null;
  requiresPython: string | null;
  isYanked: boolean;
  metadataSha256: string | null;
}

export interface OraclePage {
  project: string;
  versions: string[];
  apiVersions: string[];
  html: OracleLink[];
  json: OracleLink[];
  sizes: Record<string, number>;
  uploadedMs: Record<string, number>;
}

/**
 * One Python process answers all questions; their kinds stand on top of conformance-oracle.py.
 *
 * @throws {Error} naming the questions that Python's libraries could not answer.
 */
export async function ask<Answer>(questions: string[][]): Promise<Answer[]> {
  const oracle = join(PROJECT_DIR, 'test', 'support', 'conformance-oracle.py');
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join('');
  const { stdout } = await runOrThrow(venvProgram('oracle', 'python'), ['-B', '-X', 'utf8', oracle], { input });
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer & { error?: string });
  const faults = answers.flatMap(({ error }, at) => (error === undefined ? [] : [`${questions[at]}: ${error}`]));
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return answers;
}
