import { spawn } from 'node:child_process';

export interface Run {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string | undefined>;
  /** 120,000 unless given. */
  limitMs?: number;
  input?: string;
}

/** Run a program to its end. It is killed at the limit, with `exitCode` null. */
export function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { cwd, env, limitMs = 120_000, input = '' } = options;
  const child = spawn(program, args, {
    timeout: limitMs,
    killSignal: 'SIGKILL',
    ...(cwd !== undefined && { cwd }),
    ...(env !== undefined && { env }),
  });
  const run: Run = { exitCode: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    run.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    run.stderr += text;
  });
  child.stdin.on('error', () => {}); // It may end without reading its input.
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ ...run, exitCode }));
  });
}

/**
 * As `runProgram`, for what must succeed.
 *
 * @throws {Error} with its output when it does not exit with 0.
 */
export async function runOrThrow(program: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const run = await runProgram(program, args, options);
  if (run.exitCode === 0) return run;
  throw new Error(`${[program, ...args].join(' ')}\nexited with ${run.exitCode}\n${run.stdout}\n${run.stderr}`);
}
