import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { ScriptedServer } from '../../test/support/scripted-server.ts';
import { downloadFile as downloadPart } from './download-file.ts';
import type { HashName } from './file-hashes.ts';
import { ATTEMPTS, HttpClient } from './http-client.ts';
import { placeFetched } from './place-fetched.ts';
import type { UpstreamCandidate } from './read-index-page.ts';

let server: ScriptedServer;
const client = new HttpClient({}, { firstWaitMs: 1 });
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(async () => {
  await client.close();
  server.stop();
});

const BYTES = randomBytes(300_000);
const sha256 = createHash('sha256').update(BYTES).digest('hex');
const candidate = (path: string, more: Partial<UpstreamCandidate> = {}): UpstreamCandidate => ({
  ...candidateBase(),
  url: server.url(path),
  ...more,
});
function candidateBase(): UpstreamCandidate {
  return {
    origin: 'upstream',
    filename: 'a-1.0.tar.gz',
    version: '1.0',
    isYanked: false,
    url: new URL('http://127.0.0.1/'),
    sha256,
    size: BYTES.length,
  };
}
/** Parts lie beside what becomes of them: on one disk, as on most sites. */
async function downloadFile(file: UpstreamCandidate, into: string, by: HttpClient, onBytes: (bytes: number) => void) {
  await placeFetched(await downloadPart(file, into, by, onBytes), file.filename, [into]);
}
const folder = () => mkdtempSync(join(tmpdir(), 'kho-fetch-'));
const key = createHash('sha256').update(`a-1.0.tar.gz ${sha256}`).digest('hex').slice(0, 32);
const DEAD = 2 ** 22 + 1; // above any process id of Linux
const partName = `.kho-fetch-${key}.${DEAD}.part`;
const rangesOf = (path: string) =>
  server.requests.filter((request) => request.path === path).map(({ headers }) => headers.range);

/** Sends so much of it, then breaks the connection; from its second time on what is asked for. */
function breaksOff(path: string, after: number, knowsRanges = true): void {
  server.file(path, BYTES);
  const whole = server.answers.get(path)!;
  server.answers.set(path, (request, response, count) => {
    if (count > 1) {
      if (!knowsRanges) delete request.headers.range;
      whole(request, response, count);
      return;
    }
    response.writeHead(200, { 'Content-Length': BYTES.length });
    response.write(BYTES.subarray(0, after), () => setTimeout(() => response.destroy(), 50));
  });
}

test('downloadFile() goes on where the connection broke', async () => {
  breaksOff('/broken', 100_000);
  const into = folder();
  await downloadFile(candidate('/broken'), into, client, () => {});
  expect(readdirSync(into)).toEqual(['a-1.0.tar.gz']);
  expect(readFileSync(join(into, 'a-1.0.tar.gz')).equals(BYTES)).toBe(true);
  expect(rangesOf('/broken')).toEqual([undefined, 'bytes=100000-']);
});

test('downloadFile() begins anew where the server knows no ranges', async () => {
  breaksOff('/no-ranges', 100_000, false);
  const into = folder();
  let arrived = 0;
  await downloadFile(candidate('/no-ranges'), into, client, (bytes) => {
    arrived += bytes;
  });
  expect(readFileSync(join(into, 'a-1.0.tar.gz')).equals(BYTES)).toBe(true);
  expect(arrived).toBe(BYTES.length);
});

test('downloadFile() goes on with what an earlier run left', async () => {
  server.file('/later', BYTES);
  const into = folder();
  writeFileSync(join(into, partName), BYTES.subarray(0, 250_000));
  await downloadFile(candidate('/later'), into, client, () => {});
  expect(rangesOf('/later')).toEqual(['bytes=250000-']);
  expect(readFileSync(join(into, 'a-1.0.tar.gz')).equals(BYTES)).toBe(true);
});

test('downloadFile() waits and tries again when the server is busy', async () => {
  server.answers.set('/busy', (_request, response, count) => {
    if (count < 3) response.writeHead(503).end();
    else response.writeHead(200).end(BYTES);
  });
  const into = folder();
  await downloadFile(candidate('/busy'), into, client, () => {});
  expect(rangesOf('/busy')).toHaveLength(3);
});

test('downloadFile() goes on as long as each try brings something', async () => {
  const piece = 20_000;
  server.answers.set('/piecemeal', ({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    const range = { 'Content-Range': `bytes ${from}-${BYTES.length - 1}/${BYTES.length}` };
    response.writeHead(from > 0 ? 206 : 200, { 'Content-Length': BYTES.length - from, ...(from > 0 && range) });
    response.write(BYTES.subarray(from, from + piece), () => setTimeout(() => response.destroy(), 30));
  });
  const into = folder();
  await downloadFile(candidate('/piecemeal'), into, client, () => {});
  expect(readFileSync(join(into, 'a-1.0.tar.gz')).equals(BYTES)).toBe(true);
  expect(rangesOf('/piecemeal').length).toBeGreaterThanOrEqual(BYTES.length / piece);
}, 60_000);

test('downloadFile() gives up a server that breaks off always at the same place', async () => {
  server.answers.set('/always', (_request, response) => {
    response.writeHead(200, { 'Content-Length': BYTES.length });
    response.write(BYTES.subarray(0, 20_000), () => setTimeout(() => response.destroy(), 30));
  });
  const into = folder();
  const failed = await downloadFile(candidate('/always'), into, client, () => {}).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'UPSTREAM', message: expect.stringContaining('breaks off') });
  expect(failed).not.toHaveProperty('is');
  expect(readdirSync(into)).toEqual([`.kho-fetch-${key}.${process.pid}.part`]); // a later run goes on with it
  expect(rangesOf('/always').length).toBeLessThanOrEqual(ATTEMPTS + 1);
}, 60_000);

const hashOf = (name: string) => createHash(name).update(BYTES).digest('hex');
const { sha256: _, ...NO_SHA256 } = candidateBase();

test.each<[name: HashName, algorithm: string]>([
  ['sha512', 'sha512'],
  ['sha384', 'sha384'],
  ['sha224', 'sha224'],
  ['sha1', 'sha1'],
  ['md5', 'md5'],
  ['blake2b', 'blake2b512'],
])('downloadFile() compares %s too', async (name, algorithm) => {
  server.page('/hashed', BYTES);
  const right = hashOf(algorithm);
  const file = { ...NO_SHA256, url: server.url('/hashed') };
  const into = folder();
  await downloadFile({ ...file, hashes: { [name]: right } }, into, client, () => {});
  expect(readdirSync(into)).toEqual(['a-1.0.tar.gz']);
  const empty = folder();
  const wrong = { ...file, hashes: { [name]: `${right.slice(1)}${right[0] === 'f' ? '0' : 'f'}` } };
  await expect(downloadFile(wrong, empty, client, () => {})).rejects.toThrow(`its ${name} is not the one`);
  const asked = rangesOf('/hashed').length;
  const broken = { ...file, hashes: { [name]: right.slice(1) } };
  await expect(downloadFile(broken, empty, client, () => {})).rejects.toThrow(
    `the ${name} that the index names is none`,
  );
  expect([readdirSync(empty), rangesOf('/hashed').length]).toEqual([[], asked]);
});

test('downloadFile() compares with what a lock allows where the index names no hash', async () => {
  server.page('/locked', BYTES);
  const file = { ...NO_SHA256, url: server.url('/locked') };
  const [right, wrong] = [folder(), folder()];
  await downloadFile({ ...file, allowedSha256s: new Set(['a'.repeat(64), sha256]) }, right, client, () => {});
  const fetching = downloadFile({ ...file, allowedSha256s: new Set(['a'.repeat(64)]) }, wrong, client, () => {});
  await expect(fetching).rejects.toThrow('none of those that the lock allows');
  expect([readdirSync(right), readdirSync(wrong)]).toEqual([['a-1.0.tar.gz'], []]);
});

test.each<[what: string, answer: (bytes: Buffer) => Buffer, why: string]>([
  ['another hash', (bytes) => Buffer.from(bytes).fill(0, 5, 6), 'its sha256 is not the one'],
  ['more than it may have', (bytes) => Buffer.concat([bytes, bytes]), 'it is longer than the 300000 bytes'],
])('downloadFile() keeps nothing of a file with %s', async (what, answer, why) => {
  const path = `/wrong/${encodeURIComponent(what)}`;
  server.page(path, answer(BYTES));
  const into = folder();
  await expect(downloadFile(candidate(path), into, client, () => {})).rejects.toThrow(why);
  expect(readdirSync(into)).toEqual([]);
});

test('downloadFile() ends a body without an end at the size that the index named', async () => {
  let sent = 0;
  server.answers.set('/endless', (_request, response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write(BYTES)) sent += BYTES.length;
      response.once('drain', more);
    };
    more();
  });
  const into = folder();
  await expect(downloadFile(candidate('/endless'), into, client, () => {})).rejects.toThrow(
    'longer than the 300000 bytes',
  );
  expect(sent).toBeLessThan(50_000_000);
  expect(readdirSync(into)).toEqual([]);
});

test('downloadFile() writes over no file, and follows no link', async () => {
  server.file('/there', BYTES);
  const into = folder();
  writeFileSync(join(into, 'a-1.0.tar.gz'), 'mine');
  await expect(downloadFile(candidate('/there'), into, client, () => {})).rejects.toThrow('came meanwhile');
  expect(readFileSync(join(into, 'a-1.0.tar.gz'), 'utf8')).toBe('mine');
});

test('downloadFile() is content when another run brought the same meanwhile', async () => {
  server.file('/same', BYTES);
  const into = folder();
  writeFileSync(join(into, 'a-1.0.tar.gz'), BYTES);
  await downloadFile(candidate('/same'), into, client, () => {});
  expect(readdirSync(into)).toEqual(['a-1.0.tar.gz']);
});

test('downloadFile() writes to no part that a living process writes to', async () => {
  server.file('/alive', BYTES);
  const into = folder();
  const theirs = partName.replace(`${DEAD}`, `${process.ppid}`);
  writeFileSync(join(into, theirs), 'theirs');
  await downloadFile(candidate('/alive'), into, client, () => {});
  expect(readdirSync(into).sort()).toEqual([theirs, 'a-1.0.tar.gz']);
  expect(readFileSync(join(into, theirs), 'utf8')).toBe('theirs');
});

test('downloadFile() does not wait for a server that sends a byte now and then', async () => {
  const impatient = new HttpClient({}, { windowMs: 100, bytes: 1000, firstWaitMs: 1 });
  let served = 0;
  server.answers.set('/dribble', (_request, response, count) => {
    served = count;
    response.writeHead(200, { 'Content-Length': BYTES.length });
    const timer = setInterval(() => response.write('a'), 20);
    response.on('close', () => clearInterval(timer));
  });
  const fetching = downloadFile(candidate('/dribble'), folder(), impatient, () => {});
  await expect(fetching).rejects.toThrow('breaks off: no more than');
  expect(served).toBe(ATTEMPTS);
  await impatient.close();
}, 30_000);

test('HttpClient counts what comes on all lines together: four slow ones share one line', async () => {
  vi.useFakeTimers({ toFake: ['performance'] }); // it stands still but for what the server says
  onTestFinished(() => void vi.useRealTimers());
  const slow = new HttpClient({}, { windowMs: 300, bytes: 1000 });
  const bytes = BYTES.subarray(0, 3000);
  let lines = 0;
  server.answers.set('/share', (_request, response) => {
    lines++;
    response.writeHead(200, { 'Content-Length': bytes.length });
    let at = 0;
    const timer = setInterval(() => {
      if (!vi.isFakeTimers()) return; // the test is over
      vi.advanceTimersByTime(50 / lines); // each line brings 100 bytes in 50 ms
      response.write(bytes.subarray(at, at + 100));
      at += 100;
      if (at >= bytes.length) response.end();
    }, 2);
    response.on('close', () => {
      clearInterval(timer);
      lines--;
    });
  });
  const readAll = async () => (await slow.getOnce(server.url('/share'), 10_000)).bytes.length;
  expect(await Promise.all([readAll(), readAll(), readAll(), readAll()])).toEqual([3000, 3000, 3000, 3000]);
  await expect(readAll()).rejects.toThrow('no more than');
  await slow.close();
}, 30_000);
