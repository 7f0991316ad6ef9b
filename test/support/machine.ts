/** Real machines of other kinds than this one, with pip on them: see MACHINES in scripts/prepare/pins.mjs. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from './client.ts';
import type { Run } from './run-program.ts';
import { CACHE_DIR, venvFolder } from './tools.ts';

/** `folder` is an environment with pip; `starter` comes before each of its programs here. */
interface Kind {
  folder: string;
  starter: readonly string[];
}

const debian = (name: string) => join(CACHE_DIR, 'debian', name);
const emulated = (name: string): Kind => ({
  folder: join(CACHE_DIR, 'machines', name),
  starter: ['qemu-arm-static', '-L', debian(name)],
});
const musl = (version: string): Kind => ({
  folder: join(CACHE_DIR, 'machines', 'musl'),
  starter: [join(debian(`musl-${version}`), 'lib', 'ld-musl-x86_64.so.1')],
});

const KINDS = {
  glibc: { folder: venvFolder('pip-latest'), starter: [] },
  'musl-1.2.3': musl('1.2.3'),
  'musl-1.2.5': musl('1.2.5'),
  'armhf-debian-11': emulated('armhf-debian-11'),
  'armhf-debian-12': emulated('armhf-debian-12'),
} satisfies Record<string, Kind>;

export type MachineName = keyof typeof KINDS;

/** One machine, with an environment of its own that goes when the test ends. */
export class Machine {
  readonly #client: Client;
  readonly #command: readonly string[];

  static async start(name: MachineName): Promise<Machine> {
    const { folder, starter } = KINDS[name];
    const client = new Client();
    const copy = join(client.home, 'venv');
    // With its times: Python compiles a module again if the time of its source is another.
    await cp(folder, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    return new Machine(client, [...starter, join(copy, 'bin', 'python')]);
  }

  private constructor(client: Client, command: readonly string[]) {
    this.#client = client;
    this.#command = command;
  }

  python(...words: string[]): Promise<Run> {
    const [program = '', ...rest] = this.#command;
    return this.#client.tryToRun(program, [...rest, ...words]);
  }

  /** Installs with the machine's own pip from this index only. */
  install(index: string, ...words: string[]): Promise<Run> {
    return this.python('-m', 'pip', 'install', '--no-cache-dir', '--index-url', index, ...words);
  }

  /** What a program that needs the extension module comes to. */
  readSensor(): Promise<Run> {
    return this.python('-c', 'import farm_sensors; print(farm_sensors.read(21))');
  }
}
