import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WatchEvent } from '../../src/watch/watch-event.ts';
import { KHO } from './tools.ts';

export interface WatchedOptions {
  /** The bundle, where it is not in its usual place. */
  bundle?: string;
  words?: string[];
  uid?: number;
  gid?: number;
}

/** A running `kho watch --log json`, and what it says. */
export class Watched {
  readonly #child: ChildProcess;
  #events: WatchEvent[] = [];
  #output = '';
  #rest = '';

  /** Resolves when the site is published and watched. */
  static async start(site: string, options: WatchedOptions = {}): Promise<Watched> {
    const watched = new Watched(site, options);
    await watched.#until(() => watched.#events.some(({ event }) => event === 'watching'));
    watched.#events = [];
    return watched;
  }

  private constructor(site: string, { bundle = KHO, words = [], uid, gid }: WatchedOptions) {
    this.#child = spawn(process.execPath, [bundle, 'watch', site, '--log', 'json', ...words], {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
  }

  #read(text: string): void {
    this.#output += text;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#events.push(JSON.parse(line));
  }

  /** Events since the last call, one by one. */
  take(): WatchEvent[] {
    return this.#events.splice(0);
  }

  /** Waits for an event that has not been taken yet. @throws {Error} with all that kho said, after ten seconds */
  async event(matches: (event: WatchEvent) => boolean): Promise<WatchEvent> {
    await this.#until(() => this.#events.some(matches));
    return this.#events.find(matches) as WatchEvent;
  }

  async #until(isSo: () => boolean): Promise<void> {
    for (const limit = Date.now() + 10_000; !isSo(); await sleep(10)) {
      if (this.#child.exitCode === null && Date.now() < limit) continue;
      this.#child.kill('SIGKILL');
      throw new Error(`kho watch (exit code ${this.#child.exitCode}) said:\n${this.#output}`);
    }
  }

  /** Ends it as systemd does. Resolves with its exit code: null when it had to be killed after ten seconds. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    const [code] = await ended;
    clearTimeout(limit);
    return code;
  }
}
