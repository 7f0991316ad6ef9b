/** Files of other indexes through the site: each is brought once, everybody reads it while it comes, and nobody gets it whole and wrong. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeWheel } from './support/make-package.ts';
import { FilesSite, sha256 } from './support/upstream-files.ts';

const FILE = 'farm-1.0-py3-none-any.whl';
const BYTES = Buffer.from(
  makeWheel({ name: 'farm', version: '1.0', members: { 'farm/noise.bin': randomBytes(2_000_000) } }),
);
const LAST = 16 * 1024;

let on: FilesSite;
beforeEach(async () => {
  on = await FilesSite.start();
});
afterEach(() => on.close());

/** The upstream sends so much of it, and the rest when the test says so. */
function sendsInTwo(filename: string, bytes: Buffer, first: number): { goOn: () => void } {
  let goOn = () => {};
  const when = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  on.upstream.answers.set(`/files/${filename}`, async (_request, response) => {
    response.writeHead(200, { 'Content-Length': bytes.length });
    response.write(bytes.subarray(0, first));
    await when;
    response.end(bytes.subarray(first));
  });
  return { goOn };
}

test('eight clients read one new file while it comes, from one request', async () => {
  on.lists(FILE, BYTES);
  const { goOn } = sendsInTwo(FILE, BYTES, 1_000_000);
  const clients = await Promise.all(Array.from({ length: 8 }, () => on.fetch(FILE)));
  for (const client of clients) {
    expect([client.status, client.response.headers['content-length']]).toEqual([200, String(BYTES.length)]);
    await client.has(1_000_000);
  }
  goOn();
  for (const client of clients) {
    const { bytes, isWhole } = await client.all();
    expect([isWhole, bytes.equals(BYTES)]).toEqual([true, true]);
  }
  expect(on.asked(FILE)).toEqual([undefined]);
  expect(readFileSync(on.kept(FILE)).equals(BYTES)).toBe(true);
});

test('what is kept is served without its upstream, also by another process', async () => {
  on.lists(FILE, BYTES);
  await (await on.fetch(FILE)).all();
  on.upstream.stop();
  await on.restart();
  const again = await on.fetch(FILE);
  expect((await again.all()).bytes.equals(BYTES)).toBe(true);
  expect(again.response.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    etag: `"${sha256(BYTES)}"`,
    'content-type': 'application/octet-stream',
  });
  const known = await on.fetch(FILE, { 'if-none-match': `"${sha256(BYTES)}"` });
  expect(known.status).toBe(304);
});

test('a line that breaks again and again is gone on with, and clients only wait', async () => {
  on.lists(FILE, BYTES);
  const piece = 300_000;
  on.upstream.answers.set(`/files/${FILE}`, ({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      'Content-Length': BYTES.length - from,
      ...(from > 0 && { 'Content-Range': `bytes ${from}-${BYTES.length - 1}/${BYTES.length}` }),
    });
    response.write(BYTES.subarray(from, from + piece), () => setTimeout(() => response.destroy(), 20));
  });
  const { bytes, isWhole } = await (await on.fetch(FILE)).all();
  expect([isWhole, bytes.equals(BYTES)]).toEqual([true, true]);
  const starts = on.asked(FILE).map((range) => Number(/\d+/.exec(range ?? '')?.[0] ?? 0));
  expect(starts.length).toBeGreaterThanOrEqual(Math.ceil(BYTES.length / piece));
  expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b)); // each goes on where the one before has ended
});

test.each<[what: string, spoil: (bytes: Buffer) => Buffer]>([
  ['one wrong byte', (bytes) => Buffer.from(bytes).fill((bytes[9] as number) ^ 255, 9, 10)],
  [
    'a wrong byte at its very end',
    (bytes) => Buffer.from(bytes).fill((bytes.at(-1) as number) ^ 255, bytes.length - 1),
  ],
  ['half of it, as if that were all', (bytes) => bytes.subarray(0, bytes.length / 2)],
  ['more than all of it', (bytes) => Buffer.concat([bytes, bytes])],
])('no client ever gets a whole file that is wrong: %s', async (_what, spoil) => {
  on.lists(FILE, BYTES);
  const wrong = spoil(BYTES);
  on.upstream.answers.set(`/files/${FILE}`, (_request, response) => {
    response.writeHead(200, { 'Content-Length': wrong.length }).end(wrong);
  });
  const clients = await Promise.all([on.fetch(FILE), on.fetch(FILE)]);
  for (const client of clients) {
    const { bytes, isWhole } = await client.all();
    if (client.status === 200) {
      expect(isWhole).toBe(false);
      expect(bytes.length).toBeLessThanOrEqual(BYTES.length - LAST);
    } else expect(client.status).toBeGreaterThanOrEqual(500);
  }
  expect(existsSync(on.kept(FILE))).toBe(false);
});

test('what came wrong twice is not asked for a third time, is told of, and leaves the page', async () => {
  on.lists(FILE, BYTES);
  on.upstream.answers.set(`/files/${FILE}`, (_request, response) => void response.end(Buffer.alloc(BYTES.length)));
  await (await on.fetch(FILE)).all();
  await vi.waitFor(() => expect(on.notes).not.toEqual([]));
  const [later, head] = [await on.fetch(FILE), on.asked(FILE).length];
  expect([later.status, head, on.asked(FILE).length]).toEqual([502, 2, 2]);
  expect(on.notes).toMatchObject([{ code: 'wrong-content', path: expect.stringContaining(FILE) }]);
  expect(on.changed).toContain('farm');
  const [glibc] = on.config.repositories;
  const file = on.listing.get(FILE);
  expect(file && glibc && on.files.facts.heldIn(on.at(FILE), file, glibc, [glibc])).toBeDefined();
  expect(readdirSync(join(on.site.root, 'upstream/public/.parts'))).toEqual([]);
});

test('what came wrong is asked for again after a minute, and then after longer', async () => {
  on.lists(FILE, BYTES);
  on.upstream.answers.set(`/files/${FILE}`, (_request, response) => void response.end(Buffer.alloc(BYTES.length)));
  const fails = async (times: number) => {
    await (await on.fetch(FILE)).all();
    await vi.waitFor(() => expect(on.notes).toHaveLength(times));
    expect((await on.fetch(FILE)).status).toBe(502);
  };
  await fails(1);
  on.aheadMs += 61_000;
  await fails(2);
  on.aheadMs += 61_000;
  expect((await on.fetch(FILE)).status).toBe(502);
  on.aheadMs += 61_000;
  on.upstream.file(`/files/${FILE}`, BYTES);
  expect((await (await on.fetch(FILE)).all()).bytes.equals(BYTES)).toBe(true);
  expect(on.asked(FILE)).toHaveLength(5);
});

test('a line that breaks, to a server that knows no parts, costs a client nothing but time', async () => {
  on.lists(FILE, BYTES);
  on.upstream.answers.set(`/files/${FILE}`, (_request, response, time) => {
    response.writeHead(200, { 'Content-Length': BYTES.length });
    if (time > 1) response.end(BYTES);
    else response.write(BYTES.subarray(0, 1_000_000), () => setTimeout(() => response.destroy(), 50));
  });
  const { bytes, isWhole } = await (await on.fetch(FILE)).all();
  expect([isWhole, bytes.equals(BYTES)]).toEqual([true, true]);
  expect(on.asked(FILE)).toEqual([undefined, expect.stringMatching(/^bytes=\d+-$/)]);
});

test('who has some of a file that comes wrong is cut off, and who has none of it yet gets the right one', async () => {
  on.lists(FILE, BYTES);
  let end = () => {};
  on.upstream.answers.set(`/files/${FILE}`, (_request, response, time) => {
    if (time > 1) return void response.end(BYTES);
    response.writeHead(200, { 'Content-Length': BYTES.length });
    response.write(Buffer.alloc(1_000_000));
    end = () => response.end(Buffer.alloc(BYTES.length - 1_000_000));
  });
  const first = await on.fetch(FILE);
  await first.has(900_000);
  end();
  expect((await first.all()).isWhole).toBe(false);
  expect((await (await on.fetch(FILE)).all()).bytes.equals(BYTES)).toBe(true);
  expect(on.asked(FILE)).toEqual([undefined, undefined]);
});

test.each([
  ['is not there any more', 404, 404],
  ['may not be had', 403, 502],
  ['fails', 500, 503],
])('a file that %s is told at once, and not as a file', async (_what, answer, status) => {
  on.lists(FILE, BYTES);
  on.upstream.answers.set(`/files/${FILE}`, (_request, response) => void response.writeHead(answer).end('no'));
  const client = await on.fetch(FILE);
  expect(client.status).toBe(status);
  expect(client.response.headers['retry-after']).toBe(status === 503 ? '10' : undefined);
  expect(on.refreshed).toEqual(status === 404 ? ['farm'] : []);
});

test('a file that moved is found again by asking for its page once', async () => {
  const file = on.lists(FILE, BYTES);
  on.listing.set(FILE, { ...file, url: on.upstream.url('/gone').href });
  on.onRefresh = () => void on.listing.set(FILE, file);
  expect((await (await on.fetch(FILE)).all()).bytes.equals(BYTES)).toBe(true);
  expect(on.refreshed).toEqual(['farm']);
});

test('HEAD and parts are answered while a file comes: from what is here, or by a question for that part alone', async () => {
  on.lists(FILE, BYTES);
  const { goOn } = sendsInTwo(FILE, BYTES, 500_000);
  const whole = await on.fetch(FILE);
  await whole.has(400_000);
  const head = await on.fetch(FILE, {}, 'HEAD');
  expect([head.status, head.response.headers['content-length']]).toEqual([200, String(BYTES.length)]);
  const inside = await on.fetch(FILE, { range: 'bytes=1000-1999' });
  expect((await inside.all()).bytes.equals(BYTES.subarray(1000, 2000))).toBe(true);
  on.upstream.answers.set(`/files/${FILE}`, ({ headers }, response) => {
    expect(headers.range).toBe(`bytes=${BYTES.length - 5000}-${BYTES.length - 1}`);
    response
      .writeHead(206, { 'Content-Range': `bytes ${BYTES.length - 5000}-${BYTES.length - 1}/${BYTES.length}` })
      .end(BYTES.subarray(-5000));
  });
  const tail = await on.fetch(FILE, { range: 'bytes=-5000' });
  expect([tail.status, (await tail.all()).bytes.equals(BYTES.subarray(-5000))]).toEqual([206, true]);
  goOn();
  expect((await whole.all()).isWhole).toBe(true);
  expect(on.asked(FILE)).toHaveLength(2);
});

test('the end of a wheel that is not here does not bring all of it', async () => {
  on.lists(FILE, BYTES);
  const tail = await on.fetch(FILE, { range: 'bytes=-8000' });
  expect((await tail.all()).bytes.equals(BYTES.subarray(-8000))).toBe(true);
  expect(existsSync(on.kept(FILE))).toBe(false);
});

test('eight clients that read the end of a wheel that is not here ask for it once', async () => {
  on.lists(FILE, BYTES);
  const ends = await Promise.all(Array.from({ length: 8 }, () => on.fetch(FILE, { range: 'bytes=-8000' })));
  for (const end of ends) expect((await end.all()).bytes.equals(BYTES.subarray(-8000))).toBe(true);
  expect(on.asked(FILE)).toEqual([`bytes=${BYTES.length - 8000}-${BYTES.length - 1}`]);
  const longer = { range: `bytes=-${129 * 1024}` };
  for (const end of await Promise.all([on.fetch(FILE, longer), on.fetch(FILE, longer)])) {
    const { bytes } = await end.all();
    expect(bytes.equals(BYTES.subarray(-129 * 1024))).toBe(true);
  }
  expect(on.asked(FILE)).toHaveLength(3);
});

test('what came of the end of a wheel does not cross the line again: neither for a longer part, nor for the whole', async () => {
  on.lists(FILE, BYTES);
  const size = BYTES.length;
  for (const end of [8000, 100, 20_000]) {
    const tail = await on.fetch(FILE, { range: `bytes=-${end}` });
    expect((await tail.all()).bytes.equals(BYTES.subarray(-end))).toBe(true);
  }
  const clients = await Promise.all([on.fetch(FILE), on.fetch(FILE), on.fetch(FILE, { range: 'bytes=-9000' })]);
  const [first, second, part] = await Promise.all(clients.map((client) => client.all()));
  expect([first?.bytes.equals(BYTES), second?.bytes.equals(BYTES)]).toEqual([true, true]);
  expect(part?.bytes.equals(BYTES.subarray(-9000))).toBe(true);
  expect(on.asked(FILE)).toEqual([
    ...[`bytes=${size - 8000}-${size - 1}`, `bytes=${size - 20_000}-${size - 8001}`, `bytes=0-${size - 20_001}`],
  ]);
  expect(readFileSync(on.kept(FILE)).equals(BYTES)).toBe(true);
});

test('an end that came wrong spoils nothing: all of the wheel is asked for once more', async () => {
  on.lists(FILE, BYTES);
  on.upstream.file(`/files/${FILE}`, Buffer.from(BYTES).fill(0, BYTES.length - 100));
  await (await on.fetch(FILE, { range: 'bytes=-8000' })).all();
  on.upstream.file(`/files/${FILE}`, BYTES);
  const { isWhole, bytes } = await (await on.fetch(FILE)).all();
  expect(!isWhole || bytes.equals(BYTES)).toBe(true);
  await expect.poll(() => existsSync(on.kept(FILE))).toBe(true);
  expect(readFileSync(on.kept(FILE)).equals(BYTES)).toBe(true);
  expect(on.asked(FILE).slice(1)).toEqual([`bytes=0-${BYTES.length - 8001}`, undefined]);
});

test('a part of a small wheel brings all of it, once for the parts and the whole', async () => {
  const small = BYTES.subarray(0, 1_000_000);
  on.lists(FILE, small);
  const ends = await Promise.all(['bytes=-8000', 'bytes=-100', 'bytes=7-9'].map((range) => on.fetch(FILE, { range })));
  const parts = [small.subarray(-8000), small.subarray(-100), small.subarray(7, 10)];
  for (const [place, end] of ends.entries()) expect((await end.all()).bytes.equals(parts[place] as Buffer)).toBe(true);
  expect((await (await on.fetch(FILE)).all()).bytes.equals(small)).toBe(true);
  expect(on.asked(FILE)).toEqual([undefined]);
});

test('a server that knows no parts sends all of it, and the client gets its part', async () => {
  on.lists(FILE, BYTES);
  on.upstream.page(`/files/${FILE}`, BYTES);
  const tail = await on.fetch(FILE, { range: 'bytes=-8000' });
  expect([tail.status, (await tail.all()).bytes.equals(BYTES.subarray(-8000))]).toEqual([206, true]);
  expect(readFileSync(on.kept(FILE)).equals(BYTES)).toBe(true);
});

test('a file of which nobody tells how long it is comes too', async () => {
  const { size: _, ...file } = on.lists(FILE, BYTES);
  on.listing.set(FILE, file);
  on.upstream.answers.set(`/files/${FILE}`, (_request, response) => {
    response.writeHead(200, { 'Transfer-Encoding': 'chunked' });
    response.write(BYTES.subarray(0, 1000));
    response.end(BYTES.subarray(1000));
  });
  const client = await on.fetch(FILE);
  const { bytes, isWhole } = await client.all();
  expect([client.status, isWhole, bytes.equals(BYTES)]).toEqual([200, true, true]);
});

test('a client that goes away takes nothing from the others', async () => {
  on.lists(FILE, BYTES);
  const { goOn } = sendsInTwo(FILE, BYTES, 1_000_000);
  const [first, second] = [await on.fetch(FILE), await on.fetch(FILE)];
  await first.has(10_000);
  first.leave();
  goOn();
  expect((await second.all()).bytes.equals(BYTES)).toBe(true);
  expect(on.asked(FILE)).toHaveLength(1);
});

test('a small file goes on coming when nobody waits for it any more', async () => {
  on.lists(FILE, BYTES);
  const { goOn } = sendsInTwo(FILE, BYTES, 1_000_000);
  const client = await on.fetch(FILE);
  await client.has(10_000);
  client.leave();
  goOn();
  await vi.waitFor(() => expect(existsSync(on.kept(FILE))).toBe(true));
});

test('a big file is given up when nobody waits for it any more, and gone on with by the next one', async () => {
  const big = Buffer.alloc(51_000_000, 1);
  on.lists(FILE, big);
  const isGivenUp = new Promise<void>((resolve) => {
    on.upstream.answers.set(`/files/${FILE}`, (_request, response) => {
      response.writeHead(200, { 'Content-Length': big.length });
      response.write(big.subarray(0, 2_000_000)); // and no more for ever
      response.on('close', resolve);
    });
  });
  const client = await on.fetch(FILE);
  await client.has(1_900_000);
  client.leave();
  await isGivenUp;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(on.asked(FILE)).toEqual([undefined]); // it is asked for once more, at once, where its server is taken for silent
  on.upstream.file(`/files/${FILE}`, big);
  expect((await (await on.fetch(FILE)).all()).bytes.equals(big)).toBe(true);
  expect(on.asked(FILE)).toEqual([undefined, 'bytes=2000000-']);
});

test('what a process that was killed had of it is gone on with', async () => {
  on.lists(FILE, BYTES);
  const key = sha256(Buffer.from(`${FILE} ${sha256(BYTES)}`)).slice(0, 32);
  on.site.put(`upstream/public/.parts/.kho-fetch-${key}.${2 ** 22 + 1}.part`, BYTES.subarray(0, 700_000), new Date());
  const { bytes } = await (await on.fetch(FILE)).all();
  expect(bytes.equals(BYTES)).toBe(true);
  expect(on.asked(FILE)).toEqual(['bytes=700000-']);
});

test('another process that brings the same file is waited for', async () => {
  on.lists(FILE, BYTES);
  const key = sha256(Buffer.from(`${FILE} ${sha256(BYTES)}`)).slice(0, 32);
  const other = on.site.put(`upstream/public/.parts/.kho-fetch-${key}.${process.ppid}.part`, BYTES.subarray(0, 700));
  const client = on.fetch(FILE);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(on.asked(FILE)).toEqual([]);
  on.site.put(`upstream/public/packages/farm/${FILE}`, BYTES);
  on.site.remove(other);
  expect((await (await client).all()).bytes.equals(BYTES)).toBe(true);
  expect(on.asked(FILE)).toEqual([]);
});

test.each([
  ['what no page lists', 'other-1.0-py3-none-any.whl'],
  ['a name that leads out', '..%2f..%2fkho.toml'],
  ['a hidden name', '.farm-1.0-py3-none-any.whl'],
])('%s is neither brought nor served', async (_what, filename) => {
  writeFileSync(join(on.site.root, 'secret'), 'secret');
  on.upstream.file(`/files/${filename}`, BYTES);
  const client = await on.fetch(`${filename}`);
  expect(client.status).toBe(404);
  expect(on.upstream.requests).toEqual([]);
});
