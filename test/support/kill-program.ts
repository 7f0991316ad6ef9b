/** Kills the built program, by SIGKILL, at any call that changes something on disk. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Order } from './kill-preload.ts';
import { type Run, runProgram } from './run-program.ts';
import { KHO, PROJECT_DIR } from './tools.ts';

/** A call that changed something, as `ChangingCall`; `half` says whether it has a middle. */
export interface RecordedCall {
  name: string;
  paths: string[];
  half: boolean;
}

export class ProgramKiller {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kho-killer-'));
  readonly #preload = join(this.#folder, 'preload.mjs');
  readonly #roots: string[];

  /** @param roots below which a call counts */
  constructor(roots: string[]) {
    this.#roots = roots;
    const entry = join(PROJECT_DIR, 'test/support/kill-preload.ts');
    buildSync({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile: this.#preload });
  }

  /** Run to the end. @throws {Error} when it exits with anything but 0 */
  async callsOf(words: readonly string[]): Promise<RecordedCall[]> {
    const callsFile = join(this.#folder, 'calls.json');
    const { exitCode, stderr } = await this.#run(words, { roots: this.#roots, callsFile });
    if (exitCode !== 0) throw new Error(`kho ${words.join(' ')} exited with ${exitCode}\n${stderr}`);
    return JSON.parse(readFileSync(callsFile, 'utf8'));
  }

  /** @throws {Error} when it came to its end, or an error */
  async kill(words: readonly string[], kill: NonNullable<Order['kill']>): Promise<void> {
    const { exitCode, stderr } = await this.#run(words, { roots: this.#roots, callsFile: '', kill });
    if (exitCode !== null)
      throw new Error(`kho ${words.join(' ')} was not killed, but exited with ${exitCode}\n${stderr}`);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(words: readonly string[], order: Order): Promise<Run> {
    const env = { ...process.env, KHO_TEST_ORDER: JSON.stringify(order) };
    return runProgram(process.execPath, ['--import', this.#preload, KHO, ...words], { env, cwd: '/' });
  }
}
