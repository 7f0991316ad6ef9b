/** One client that is pointed at kho: its own home, an emptied environment, a Python environment of its own to install into. */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ClientEnvironment, clientEnvironment } from './client-environment.ts';
import { type Run, type RunOptions, runOrThrow, runProgram } from './run-program.ts';
import { venvFolder, venvProgram } from './tools.ts';

/** Prints what is installed beside it, as JSON: name → version. Runs on any Python 3. */
const LIST_INSTALLED = `
import json, sys
try:
    from importlib.metadata import distributions
    found = {d.metadata["Name"]: d.version for d in distributions()}
except ImportError:
    import pkg_resources
    found = {d.project_name: d.version for d in pkg_resources.working_set}
print(json.dumps({k.lower().replace("_", "-").replace(".", "-"): v for k, v in found.items()}))
`;

export class Client {
  readonly home: string;
  readonly #env: ClientEnvironment['env'];

  /** Its home goes when the test ends. */
  constructor(more: Record<string, string> = {}) {
    const { home, env } = clientEnvironment(more);
    this.home = home;
    this.#env = env;
    onTestFinished(() => rm(home, { recursive: true, force: true }));
  }

  /** A copy of a prepared environment, to install into. @returns its python */
  async copyVenv(venv: string): Promise<string> {
    const copy = join(this.home, 'venv');
    await cp(venvFolder(venv), copy, { recursive: true, verbatimSymlinks: true });
    return join(copy, 'bin', 'python');
  }

  /** A new, empty environment, as a person makes one. @returns its python */
  async makeVenv(venv: string): Promise<string> {
    const folder = join(this.home, 'venv');
    await this.run(venvProgram(venv, 'python'), ['-m', 'venv', '--without-pip', folder]);
    return join(folder, 'bin', 'python');
  }

  /** Write files of a project. @returns its folder */
  async project(files: Record<string, string>): Promise<string> {
    const folder = join(this.home, 'project');
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return folder;
  }

  /** @throws {Error} with the output, when it fails. */
  run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
    return runOrThrow(program, args, { cwd: this.home, env: this.#env, ...options });
  }

  tryToRun(program: string, args: readonly string[]): Promise<Run> {
    return runProgram(program, args, { cwd: this.home, env: this.#env });
  }

  /** What is installed beside this python: normalized name → version. */
  async installed(python: string): Promise<Record<string, string>> {
    return JSON.parse((await this.run(python, ['-c', LIST_INSTALLED])).stdout);
  }

  /** `3.11`, of this python. */
  async pythonVersion(python: string): Promise<string> {
    const { stdout } = await this.run(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
    return stdout.trim();
  }
}
