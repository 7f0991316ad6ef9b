/** kho is killed while it brings files of another index: nothing under a file's name but the whole file, and what had come is gone on with. */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { seededRandom } from '../support/seeded-random.ts';
import { ServedKho } from '../support/served-kho.ts';
import { TestSite } from '../support/site.ts';
import { UpstreamIndex } from '../support/upstream-index.ts';

const SEED = 20;
const FILES = 3;
const KILLS = 3;
const NOISE_BYTES = 3_000_000;
/** Sent at once, and then nothing for a moment: a file takes some tenths of a second. In bytes and milliseconds. */
const PIECE_BYTES = 200_000;
const PAUSE_MS = 15;

/** A line that is slow, so that a kill finds files on their way. */
function slowly(upstream: UpstreamIndex, filename: string): { sent: () => number } {
  const path = `/files/${filename}`;
  const whole = upstream.server.answers.get(path);
  let sent = 0;
  upstream.server.answers.set(path, (request, response, count) => {
    const end = response.end.bind(response);
    response.end = ((bytes?: Uint8Array) => {
      const body = Buffer.from(bytes ?? []);
      const step = (at: number) => {
        if (response.destroyed) return;
        if (at >= body.length) return void end();
        sent += Math.min(PIECE_BYTES, body.length - at);
        response.write(body.subarray(at, at + PIECE_BYTES));
        setTimeout(() => step(at + PIECE_BYTES), PAUSE_MS);
      };
      step(0);
      return response;
    }) as typeof response.end;
    whole?.(request, response, count);
  });
  return { sent: () => sent };
}

/** What a client gets; undefined where it is cut off, or refused. */
function fetched(url: string): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('close', () =>
        resolve(response.complete && response.statusCode === 200 ? Buffer.concat(pieces) : undefined),
      );
      response.on('error', () => {});
    });
    request.on('error', () => resolve(undefined));
  });
}

test('kho that is killed while files come has nothing half, and goes on where it was', async () => {
  const random = seededRandom(SEED);
  const upstream = await UpstreamIndex.start();
  onTestFinished(() => upstream.stop());
  const names = Array.from({ length: FILES }, (_, index) =>
    upstream.wheel({
      name: 'numbers',
      version: `${index + 1}.0`,
      members: { 'numbers/noise.bin': randomBytes(NOISE_BYTES) },
    }),
  );
  const lines = names.map((name) => slowly(upstream, name));
  const site = new TestSite();
  onTestFinished(() => site.close());
  chmodSync(site.root, 0o755);
  site.put('kho.toml', `[upstreams.public]\nurl = "${upstream.url}"\n[repositories.glibc]\nupstreams = ["public"]\n`);
  site.wheel('glibc', { name: 'farm', version: '1.0' });
  /** A page that is asked for the first time on a slow machine may be told to come later: 503. */
  const page = async (kho: ServedKho): Promise<{ filename: string; url: string; hashes: { sha256: string } }[]> => {
    const headers = { accept: 'application/vnd.pypi.simple.v1+json' };
    const ask = () => fetch(`${kho.url}/glibc/simple/numbers/`, { headers });
    for (let answer = await ask(); ; answer = await ask()) {
      if (answer.status !== 503) return (await answer.json()).files;
      await answer.text();
    }
  };
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const hashes = new Map<string, string>();

  for (let kill = 0; kill <= KILLS; kill++) {
    const kho = await ServedKho.start(site.root);
    onTestFinished(() => kho.end('SIGKILL'));
    const files = await page(kho);
    expect(files).toHaveLength(FILES);
    for (const { filename, hashes: named } of files) hashes.set(filename, named.sha256);
    const clients = files.flatMap(({ url, filename }) =>
      [1, 2].map(async () => ({
        filename,
        bytes: await fetched(new URL(url, `${kho.url}/glibc/simple/numbers/`).href),
      })),
    );
    if (kill < KILLS) {
      await new Promise((resolve) => setTimeout(resolve, 20 + random() * 150));
      await kho.end('SIGKILL');
    }
    for (const { filename, bytes } of await Promise.all(clients)) {
      if (bytes !== undefined || kill === KILLS) expect(sha256(bytes ?? Buffer.alloc(0))).toBe(hashes.get(filename));
    }
    const kept = join(site.root, 'upstream/public/packages/numbers');
    for (const name of namesIn(kept)) {
      if (!name.endsWith('.whl') || name.startsWith('.')) continue;
      expect(sha256(readFileSync(join(kept, name)))).toBe(hashes.get(name));
    }
    if (kill === KILLS) {
      // They are looked into, in a thread.
      const metadata = () => namesIn(kept).filter((name) => name.endsWith('.metadata'));
      await vi.waitFor(() => expect(metadata()).toHaveLength(FILES), { timeout: 20_000 });
    }
    await kho.end('SIGKILL');
  }
  expect(readdirSync(join(site.root, 'upstream/public/.parts'))).toEqual([]);
  const total = lines.reduce((sum, { sent }) => sum + sent(), 0);
  const size = names.reduce(
    (sum, name) => sum + readFileSync(join(site.root, 'upstream/public/packages/numbers', name)).length,
    0,
  );
  expect(total).toBeLessThan(2 * size); // without going on it would be some times as much
}, 120_000);

/** None where there is no such folder. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
