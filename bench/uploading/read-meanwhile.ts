/** What readers get while others upload. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { measureLoad } from '../serving/load.ts';
import { CLIENTS, uploadMany } from './many-uploads.ts';
import type { PacedReading } from './paced-reader.ts';
import { BenchClient } from './post-form.ts';
import type { TakingServer } from './upload-servers.ts';
import { type SmallWheel, smallWheels } from './wheels.ts';

/** Pages in a second that a busy site is asked for; kho and pypiron answer many times as many. */
export const PACE = 1000;
const CONNECTIONS = 8;

export interface ReadMeanwhile {
  alone: PacedReading;
  meanwhile: PacedReading;
  /** By wrk, as many as it gets. */
  wrkAlone: number;
  wrkMeanwhile: number;
  /** Uploads in a second beside the steady readers. */
  uploadsPerSecond: number;
}

/** @param seconds of each of the four readings */
export async function readMeanwhile(server: TakingServer, seconds: number): Promise<ReadMeanwhile> {
  const known = smallWheels(100, 'known');
  await uploadMany(server, known);
  const pages = [...new Set(known.map(({ project }) => server.pageOf(project)))];
  const steady = () => readSteadily(server.url, seconds, pages);
  const [page = ''] = pages;
  const wrk = { name: 'page', path: page, connections: CONNECTIONS, headers: ['Accept: text/html'] };
  const greedy = async () =>
    (await measureLoad({ ...server, name: 'server', readyMs: 0 }, wrk, seconds)).requestsPerSecond;
  await steady();
  const alone = await steady();
  const wrkAlone = await greedy();
  const uploads = new Uploads(server);
  const beganMs = performance.now();
  const meanwhile = await steady();
  const uploadsPerSecond = uploads.done / ((performance.now() - beganMs) / 1000);
  const wrkMeanwhile = await greedy();
  await uploads.end();
  return { alone, meanwhile, wrkAlone, wrkMeanwhile, uploadsPerSecond };
}

/** Eight clients that upload without an end. */
class Uploads {
  done = 0;
  #isOver = false;
  readonly #clients: Promise<void>[];

  constructor(server: TakingServer) {
    const wheels = this.#wheels();
    this.#clients = Array.from({ length: CLIENTS }, async () => {
      const client = new BenchClient(server);
      while (!this.#isOver) {
        await client.upload(wheels.next().value as SmallWheel);
        this.done++;
      }
      client.close();
    });
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#clients);
  }

  *#wheels(): Generator<SmallWheel> {
    for (let series = 0; ; series++) yield* smallWheels(100, `meanwhile-${series}`);
  }
}

/** @param pace pages in a second, of all connections together */
export function readSteadily(
  url: string,
  seconds: number,
  pages: readonly string[],
  pace = PACE,
): Promise<PacedReading> {
  const program = join(import.meta.dirname, 'paced-reader.ts');
  const words = [program, url, seconds, CONNECTIONS, pace, ...pages].map(String);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    child.stdout.on('data', (piece) => {
      told += piece;
    });
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(told)) : reject(new Error('a reader was not answered')),
    );
  });
}
