/**
 * The one place that starts other programs. kho is typed in folders into which others upload, and PATH may lead there: so a program is
 * never looked for where one stands, runs in `/`, and looks for its own programs by the same rule.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

export interface ProgramRun {
  /** `null` when it was stopped, for example because its time was over. */
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface ProgramOptions {
  /** No limit when left out. */
  timeoutMs?: number;
  /** `process.env` when left out. */
  environment?: NodeJS.ProcessEnv;
  /** Folders to look in after those of PATH, absolute. */
  alsoIn?: readonly string[];
}

/**
 * Run a program to its end.
 *
 * @param name without a folder
 * @param words each as it is: no shell reads them. Paths among them are absolute.
 * @returns undefined where there is no such program
 */
export function runProgram(
  name: string,
  words: readonly string[],
  options: ProgramOptions = {},
): ProgramRun | undefined {
  const { timeoutMs, environment = process.env, alsoIn = [] } = options;
  const folders = [...programFolders(environment['PATH']), ...alsoIn];
  const program = folders.map((folder) => join(folder, name)).find(isProgram);
  if (program === undefined) return undefined;
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd: '/',
    env: { ...environment, PATH: folders.join(delimiter) },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
    killSignal: 'SIGKILL',
  });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/**
 * The folders of a PATH that are the same wherever one stands, and not the one where one stands. An empty word means the current
 * folder, as `.` does; POSIX says so of PATH.
 */
export function programFolders(path: string | undefined, here = '.'): string[] {
  return (path ?? '').split(delimiter).filter((folder) => isAbsolute(folder) && !isSameFolder(folder, here));
}

function isSameFolder(one: string, other: string): boolean {
  try {
    const [a, b] = [statSync(one, { bigint: true }), statSync(other, { bigint: true })];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false; // nothing is found in a folder that cannot be looked at
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
