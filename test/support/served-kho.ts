/** `kho serve` as a process of its own, which tests may kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { KHO } from './tools.ts';

export interface ServeAs {
  /** The bundle, where it is not in its usual place. */
  bundle?: string;
  /** What runs it, and words before the bundle; this Node when absent. */
  program?: readonly [string, ...string[]];
  /** Of a web server that stands before it; else it takes any port. */
  socket?: string;
  uid?: number;
  gid?: number;
}

export class ServedKho {
  readonly #child: ChildProcess;
  /** Without a slash at its end. */
  url = '';
  /** All that it said. */
  said = '';

  /** Resolves when the site is published, served and watched. @throws {Error} with what it said, when it ends before */
  static async start(site: string, as: ServeAs = {}): Promise<ServedKho> {
    const served = new ServedKho(site, as);
    await served.#untilWatching();
    return served;
  }

  private constructor(site: string, { bundle = KHO, program = [process.execPath], socket, ...user }: ServeAs) {
    const at = socket === undefined ? ['--port', '0'] : ['--socket', socket];
    const [node, ...before] = program;
    const words = [...before, bundle, 'serve', site, ...at, '--log', 'json'];
    this.#child = spawn(node, words, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], ...user });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said += text;
    });
  }

  #untilWatching(): Promise<void> {
    let isWatching = false;
    const lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream });
    return new Promise((resolve, reject) => {
      this.#child.once('exit', (code) => reject(new Error(`kho serve ended with ${code}:\n${this.said}`)));
      lines.on('line', (line) => {
        this.said += `${line}\n`;
        const { event, url } = JSON.parse(line);
        if (event === 'serving') this.url = url.replace(/\/$/, '');
        isWatching ||= event === 'watching';
        if (isWatching && this.url !== '') resolve(); // which comes first depends on whether there were pages already
      });
    });
  }

  /** Have it look at kho.toml and all folders now. */
  reload(): void {
    this.#child.kill('SIGHUP');
  }

  /** Resolves when it is gone. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}
