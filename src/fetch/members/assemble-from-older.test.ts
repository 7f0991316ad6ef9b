import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeZip, type ZipMember, type ZipOptions } from '../../../test/support/make-zip.ts';
import { ScriptedServer } from '../../../test/support/scripted-server.ts';
import { seededRandom } from '../../../test/support/seeded-random.ts';
import { PartFile } from '../../io/part-file.ts';
import { HttpClient } from '../http-client.ts';
import { assembleFromOlder } from './assemble-from-older.ts';

let server: ScriptedServer;
let folder: string;
const client = new HttpClient({}, { firstWaitMs: 1 });
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(async () => {
  await client.close();
  server.stop();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kho-members-'));
  server.requests.splice(0);
});

/** Bytes that no packing makes shorter, the same for the same number. */
const random = seededRandom(21);
const noise = (bytes: number) => Buffer.from(Array.from({ length: bytes }, () => Math.floor(random() * 256)));
const MEMBERS: ZipMember[] = Array.from({ length: 10 }, (_, index) => ({
  path: `foo/part_${index}.py`,
  bytes: noise(50_000),
  deflate: index % 2 === 0,
}));
const CHANGED: ZipMember = { path: 'foo/part_3.py', bytes: noise(20_000), deflate: true };
const old = makeZip(MEMBERS);
const withChanged = (change: Partial<ZipMember> = {}, members = MEMBERS) =>
  members.map((member, index) => (index === 3 ? { ...CHANGED, ...change } : member));

interface Attempt {
  bytes: Uint8Array;
  path?: string;
  /** Wheels that are here. */
  older?: readonly (Uint8Array | string)[];
  /** What an earlier run left. */
  left?: Uint8Array;
  sha256?: string;
  size?: number;
}

async function assemble({ bytes, path = '/foo.whl', older = [old], left, ...says }: Attempt) {
  if (!server.answers.has(path)) server.file(path, bytes);
  const partPath = join(folder, '.part');
  writeFileSync(partPath, left ?? '');
  const part = await PartFile.open(partPath);
  try {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const file = { url: server.url(path), size: bytes.length, sha256, ...says };
    const paths = older.map((wheel, index) => {
      if (typeof wheel === 'string') return wheel;
      const at = join(folder, `old-${index}.whl`);
      writeFileSync(at, wheel);
      return at;
    });
    const result = await assembleFromOlder({ file, older: () => paths, part, client });
    return { ...result, isSame: readFileSync(partPath).equals(bytes), partBytes: part.size };
  } finally {
    part.close();
    server.answers.delete(path);
  }
}
const ranges = () => server.requests.map(({ headers }) => headers.range);

test('assembleFromOlder() brings the end, and the one member that is new', async () => {
  const bytes = makeZip(withChanged());
  const result = await assemble({ bytes });
  expect(result).toMatchObject({ is: 'assembled', isSame: true });
  expect(ranges()).toHaveLength(2);
  expect(result.crossed).toBeLessThan(22_500);
});

test.each<[what: string, members: ZipMember[], options?: ZipOptions]>([
  [
    'members have moved, and got other names',
    [...withChanged()].reverse().map((m) => ({ ...m, path: `bar/${m.path}` })),
  ],
  [
    'the same extra field stands twice',
    withChanged(
      {},
      MEMBERS.map((m) => ({ ...m, extra: Buffer.from('xx\x02\x00ab'), localExtra: Buffer.from('xx\x02\x00ab') })),
    ),
  ],
  ['the end has a comment', withChanged(), { comment: Buffer.from('made by hand') }],
  ['the end is in its zip64 form', withChanged(), { zip64: true }],
  ['something stands before the zip', withChanged(), { prefix: noise(3000) }],
  ['bytes that are no member stand between', withChanged({ before: noise(500) })],
  [
    'one has its numbers behind it',
    withChanged(
      {},
      MEMBERS.map((m, index) => ({ ...m, descriptor: index === 5 })),
    ),
  ],
  [
    'one has its numbers in zip64',
    withChanged(
      {},
      MEMBERS.map((m, index) => ({ ...m, zip64: index === 5 })),
    ),
  ],
  [
    'the header of one has a longer extra field',
    withChanged(
      {},
      MEMBERS.map((m, index) => (index === 5 ? { ...m, localExtra: noise(28) } : m)),
    ),
  ],
  ['a folder is in it', [{ path: 'foo/' }, ...withChanged()]],
])('assembleFromOlder() gives the same bytes where %s', async (_what, members, options) => {
  expect(await assemble({ bytes: makeZip(members, options) })).toMatchObject({ is: 'assembled', isSame: true });
});

test('assembleFromOlder() reads a directory that is longer than the end that it asked for', async () => {
  const many = Array.from({ length: 400 }, (_, index) => ({ path: `foo/${'long/'.repeat(20)}${index}`, bytes: 'x' }));
  const bytes = makeZip([...many, ...withChanged()]);
  expect(await assemble({ bytes, older: [makeZip(MEMBERS), makeZip(many)] })).toMatchObject({
    is: 'assembled',
    isSame: true,
  });
  expect(ranges()).toHaveLength(3);
});

test('assembleFromOlder() takes members of several wheels', async () => {
  const older = [makeZip(MEMBERS.slice(0, 5)), makeZip(MEMBERS.slice(5))];
  expect(await assemble({ bytes: makeZip(withChanged()), older })).toMatchObject({ is: 'assembled', isSame: true });
});

test('assembleFromOlder() asks for holes that lie close together at once, and for no more than 64', async () => {
  const small = (salt: number, count: number, bytes: number): ZipMember[] =>
    Array.from({ length: count }, (_, index) => ({
      path: `s${index}`,
      bytes: Buffer.alloc(bytes, `${index} ${index % 2 ? salt : 0}`),
    }));
  const [big] = MEMBERS as [ZipMember];
  const rest = MEMBERS.slice(1);
  const close = makeZip([big, ...small(1, 40, 1000), ...rest]);
  expect(await assemble({ bytes: close, older: [makeZip([big, ...small(2, 40, 1000), ...rest])] })).toMatchObject({
    is: 'assembled',
  });
  expect(ranges()).toHaveLength(2);
  server.requests.splice(0);
  const far = (salt: number) => makeZip([...small(salt, 140, 2500), ...MEMBERS, ...MEMBERS]);
  const result = await assemble({ bytes: far(1), older: [far(2)] });
  expect(result).toMatchObject({ is: 'assembled', isSame: true });
  expect(result.crossed).toBeGreaterThan(70 * 2500);
  expect(ranges()).toHaveLength(65);
});

test('assembleFromOlder() goes on with what an earlier run left, in a member and in a hole', async () => {
  const bytes = makeZip(withChanged());
  for (const left of [1, 20, 70_000, 155_000, 165_000]) {
    server.requests.splice(0);
    const result = await assemble({ bytes, left: bytes.subarray(0, left) });
    expect(result).toMatchObject({ is: 'assembled', isSame: true });
    expect(ranges()).toHaveLength(2);
  }
});

test('assembleFromOlder() goes on where the line broke', async () => {
  const bytes = makeZip(withChanged());
  server.file('/breaks', bytes);
  const whole = server.answers.get('/breaks')!;
  const sent: number[] = [];
  server.answers.set('/breaks', (request, response, count) => {
    const [, from, to] = /(\d+)-(\d+)/.exec(request.headers.range ?? '') as RegExpExecArray;
    if (Number(to) - Number(from) < 6000) return whole(request, response, count);
    sent.push(Number(from));
    response.writeHead(206, { 'Content-Range': `bytes ${from}-${to}/${bytes.length}` });
    response.write(bytes.subarray(Number(from), Number(from) + 5000), () => setTimeout(() => response.destroy(), 30));
  });
  expect(await assemble({ bytes, path: '/breaks' })).toMatchObject({ is: 'assembled', isSame: true });
  expect(new Set(sent).size).toBe(sent.length);
  expect(sent.length).toBeGreaterThan(2);
});

test('assembleFromOlder() asks with the validator of the first answer, and gives up when it is another file by then', async () => {
  const bytes = makeZip(withChanged());
  server.file('/changes', bytes);
  const whole = server.answers.get('/changes')!;
  server.answers.set('/changes', (request, response, count) => {
    response.setHeader('ETag', '"1"');
    if (request.headers['if-range']) response.writeHead(200).end(old);
    else whole(request, response, count);
  });
  expect(await assemble({ bytes, path: '/changes' })).toMatchObject({ is: 'wrong' });
  expect(server.requests.map(({ headers }) => headers['if-range'])).toEqual([undefined, '"1"']);
});

const newWheel = makeZip(withChanged());
test.each<[what: string, bytes: Uint8Array, more: Partial<Attempt>]>([
  ['what is shorter than 256 kB', makeZip(MEMBERS.slice(0, 5)), {}],
  ['what has too little in common', newWheel, { older: [makeZip(MEMBERS.slice(0, 2))] }],
  ['what is no zip', noise(300_000), {}],
  ['what has an encrypted member', makeZip(withChanged({ says: { flags: 1 } })), {}],
  ['what has a member that overlaps', makeZip(withChanged({ says: { offset: 5 } })), {}],
  ['what is cut short', newWheel.subarray(0, -30), {}],
  ['what has a part missing', Buffer.concat([newWheel.subarray(0, 1000), newWheel.subarray(2000)]), {}],
  ['an older one that is no zip', newWheel, { older: [noise(1000), Buffer.alloc(0)] }],
  ['an older one that is gone', newWheel, { older: ['/nowhere/at-all.whl'] }],
  ['an older one that is a folder', newWheel, { older: [tmpdir()] }],
  ['no older one', newWheel, { older: [] }],
])('assembleFromOlder() leaves %s to come whole', async (_what, bytes, more) => {
  expect(await assemble({ bytes, ...more })).toMatchObject({ is: 'not tried', partBytes: 0 });
});

test('assembleFromOlder() leaves what one part of several zips is to come whole', async () => {
  const bytes = Buffer.from(makeZip(withChanged(), { zip64: true }));
  bytes.writeUInt32LE(2, bytes.length - 22 - 4);
  expect(await assemble({ bytes })).toMatchObject({ is: 'not tried', partBytes: 0 });
});

test('assembleFromOlder() follows no link to an older one', async () => {
  writeFileSync(join(folder, 'real.whl'), old);
  symlinkSync(join(folder, 'real.whl'), join(folder, 'link.whl'));
  expect(await assemble({ bytes: newWheel, older: [join(folder, 'link.whl')] })).toMatchObject({ is: 'not tried' });
});

const wholeTo =
  (bytes: Uint8Array): Parameters<typeof server.answers.set>[1] =>
  (_request, response) =>
    void response.end(bytes);
test.each<[what: string, answer: Parameters<typeof server.answers.set>[1]]>([
  ['knows no ranges', wholeTo(newWheel)],
  ['has no such file', (_request, response) => void response.writeHead(404).end()],
  ['has trouble', (_request, response) => void response.writeHead(500).end()],
  [
    'says that the file is longer',
    ({ headers }, response) => {
      const [, from, to] = /(\d+)-(\d+)/.exec(headers.range ?? '') as RegExpExecArray;
      response.writeHead(206, { 'Content-Range': `bytes ${from}-${to}/${newWheel.length + 1}` });
      response.end(newWheel.subarray(Number(from), Number(to) + 1));
    },
  ],
])('assembleFromOlder() tries nothing with a server that %s', async (what, answer) => {
  const path = encodeURI(`/${what}`);
  server.answers.set(path, answer);
  expect(await assemble({ bytes: newWheel, path })).toMatchObject({ is: 'not tried', partBytes: 0 });
});

/** The end comes as it is; then a hole is answered so. */
function answerHole(
  path: string,
  contentRange: (from: number, to: number) => string,
  bytes: (from: number, to: number) => Uint8Array,
) {
  server.file(path, newWheel);
  const whole = server.answers.get(path)!;
  server.answers.set(path, (request, response, count) => {
    const [from, to] = /(\d+)-(\d+)/
      .exec(request.headers.range ?? '')!
      .slice(1)
      .map(Number) as [number, number];
    if (count === 1) return whole(request, response, count);
    response.writeHead(206, { 'Content-Range': contentRange(from, to) }).end(bytes(from, to));
  });
}
const said = (from: number, to: number) => `bytes ${from}-${to}/${newWheel.length}`;
const right = (from: number, to: number) => newWheel.subarray(from, to + 1);
test.each<[what: string, contentRange: typeof said, bytes: typeof right, is: string]>([
  ['another part', (from, to) => said(from + 1, to), right, 'wrong'],
  ['a longer part', (from, to) => said(from, to + 1), (from, to) => newWheel.subarray(from, to + 2), 'wrong'],
  ['more than it says', said, (from, to) => newWheel.subarray(from, to + 9), 'wrong'],
  ['other bytes', said, (from, to) => Buffer.alloc(to - from + 1), 'wrong'],
  ['nothing', said, () => Buffer.alloc(0), 'broken off'],
])('assembleFromOlder() believes no server that sends %s', async (what, contentRange, bytes, is) => {
  const path = encodeURI(`/hole-${what}`);
  answerHole(path, contentRange, bytes);
  expect(await assemble({ bytes: newWheel, path })).toMatchObject({ is });
});

test('assembleFromOlder() believes no older wheel: what only looks alike is found out by the hash', async () => {
  const lying = MEMBERS.map((member, index) =>
    index === 7 ? { ...member, bytes: noise(50_000), says: saidOf(member) } : member,
  );
  expect(await assemble({ bytes: newWheel, older: [makeZip(lying)] })).toMatchObject({ is: 'wrong' });
});

test('assembleFromOlder() brings over the line what an older wheel only claims to have', async () => {
  const cut = Buffer.from(old);
  cut.fill(0, 0, 4); // the header in front of its first member
  expect(await assemble({ bytes: newWheel, older: [cut] })).toMatchObject({ is: 'assembled', isSame: true });
  expect(ranges()).toHaveLength(3);
});

function saidOf({ bytes }: ZipMember) {
  const real = makeZip([{ path: 'x', bytes: bytes as Buffer }]);
  return { crc32: Buffer.from(real).readUInt32LE(14) };
}

test('assembleFromOlder() brings nothing where the sha256 is another', async () => {
  expect(await assemble({ bytes: newWheel, sha256: '0'.repeat(64) })).toMatchObject({ is: 'wrong' });
});
