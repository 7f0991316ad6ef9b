/** How long it takes from the last byte of a copied wheel until a client finds it in the index. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeWheel, wheelFilename } from '../../test/support/make-package.ts';
import { median } from '../measure.ts';
import { startKho } from './servers.ts';

export interface Latency {
  files: number;
  medianMs: number;
  worstMs: number;
}

/** As soon as one is listed the next is copied: kho's thread for builds stays up, as it does while people upload. */
const PAUSE_MS = 300;

/** @param site published before; gets wheels of projects that are new, and of one that has more and more of them */
export async function measureLatency(site: string, files: number, times: number): Promise<Latency> {
  const server = await startKho(site);
  const took: number[] = [];
  try {
    await sleep(1000); // the look at all folders that a start begins with is over
    for (let count = 0; count < times; count++) {
      const wheel = { name: count % 2 === 0 ? `latency-new-${count}` : 'latency-same', version: `${count}.0` };
      took.push(await copyAndWait(server.url, join(site, 'packages'), wheel));
      await sleep(PAUSE_MS);
    }
  } finally {
    await server.stop();
  }
  return { files, medianMs: median(took), worstMs: Math.max(...took) };
}

async function copyAndWait(url: string, packages: string, wheel: { name: string; version: string }): Promise<number> {
  const filename = wheelFilename(wheel);
  const bytes = makeWheel({ ...wheel, members: { 'noise.txt': Buffer.alloc(40_000, 'x') } });
  const descriptor = openSync(join(packages, filename), 'w');
  for (let place = 0; place < bytes.length; place += 8192) writeSync(descriptor, bytes.subarray(place, place + 8192));
  const lastByte = performance.now();
  closeSync(descriptor);
  for (;;) {
    const answer = await fetch(`${url}/simple/${wheel.name}/`, { headers: { Accept: 'text/html' } });
    const text = await answer.text();
    if (answer.ok && text.includes(filename)) return performance.now() - lastByte;
    if (performance.now() - lastByte > 30_000) throw new Error(`${filename} was not listed within 30 s`);
    await sleep(2);
  }
}
