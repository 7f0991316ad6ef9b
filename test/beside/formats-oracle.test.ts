/**
 * kho's readers of archives beside Python's zipfile, tarfile, gzip, bz2 and lzma, which installers use: on archives that Python
 * made, and on some that were damaged. What kho takes, Python must take and read the same; kho may refuse more.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Member } from '../../src/formats/archive-member.ts';
import { memorySource } from '../../src/formats/byte-source.ts';
import { type Compression, decompress } from '../../src/formats/decompress.ts';
import { TarReader } from '../../src/formats/tar.ts';
import { readZipDirectory, readZipEntry } from '../../src/formats/zip.ts';
import { FormatError } from '../../src/problems.ts';
import { PROJECT_DIR, venvProgram } from '../support/tools.ts';

interface Archive {
  members: [path: string, size: number, kind: string][];
  /** sha256 of each file, of the last one where several have one path. */
  contents: Record<string, string>;
}

type OracleAnswer<T> = T | { error: string };
type Kind = 'zip' | 'tar';

const ORACLE = join(PROJECT_DIR, 'test', 'support', 'formats-oracle.py');
const folder = mkdtempSync(join(tmpdir(), 'kho-formats-'));
let made: string[] = [];

beforeAll(() => {
  made = ask<string[]>([['make', folder]])[0] as string[];
});
afterAll(() => rmSync(folder, { recursive: true }));

/** One Python process answers all questions. */
function ask<T>(questions: [kind: string, path: string][]): OracleAnswer<T>[] {
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join('');
  const options = { input, encoding: 'utf8', maxBuffer: 1 << 30 } as const;
  const { status, stdout, stderr } = spawnSync(venvProgram('oracle', 'python'), ['-B', '-X', 'utf8', ORACLE], options);
  if (status !== 0) throw new Error(`The oracle failed: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => readable(JSON.parse(line)) as OracleAnswer<T>);
}

/** Python keeps bytes that are no UTF-8 as lone surrogates; kho shows replacement characters, for one or more of them. */
function readable(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer).replace(/(?:\\ud[c-f]..|\ufffd)+/g, '\ufffd'));
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const asRow = ({ path, size, kind }: Member): [string, number, string] => [path, size, kind];

async function readZip(bytes: Uint8Array): Promise<Archive> {
  const source = memorySource(bytes);
  const entries = await readZipDirectory(source);
  const contents: Record<string, string> = {};
  for (const entry of entries) {
    if (entry.kind === 'file') contents[entry.path] = sha256(await readZipEntry(source, entry, 10_000_000));
  }
  return { members: entries.map(asRow), contents };
}

const COMPRESSIONS: Record<string, Compression> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz' };
const compressionOf = (name: string) => COMPRESSIONS[name.slice(name.lastIndexOf('.') + 1)] as Compression;

async function readTar(name: string, bytes: Uint8Array): Promise<Archive> {
  const contents: Record<string, string> = {};
  const tar = new TarReader({
    wants: ({ size }) => size < 10_000_000,
    take: ({ path }, content) => {
      contents[path] = sha256(content);
    },
  });
  await decompress(memorySource(bytes), compressionOf(name), (piece) => tar.push(piece));
  tar.end();
  return { members: tar.members.map(asRow), contents };
}

const kindOf = (name: string): Kind => (name.endsWith('.zip') ? 'zip' : 'tar');
const read = (name: string, bytes: Uint8Array) => (kindOf(name) === 'zip' ? readZip(bytes) : readTar(name, bytes));

test('archives that Python makes read the same', async () => {
  expect(made.length).toBeGreaterThan(40);
  const answers = ask<Archive>(made.map((name) => [kindOf(name), join(folder, name)]));
  for (const [index, name] of made.entries()) {
    expect([name, await read(name, readFileSync(join(folder, name)))]).toEqual([name, answers[index]]);
  }
});

test('what Python compresses unpacks to the same bytes', async () => {
  const tars = made.filter((name) => kindOf(name) === 'tar');
  const answers = ask<string>(tars.map((name) => ['unpacked', join(folder, name)]));
  for (const [index, name] of tars.entries()) {
    const hash = createHash('sha256');
    await decompress(memorySource(readFileSync(join(folder, name))), compressionOf(name), (piece) =>
      hash.update(piece),
    );
    expect([name, hash.digest('hex')]).toEqual([name, answers[index]]);
  }
});

/** Damage that is worth asking Python about: of headers and records, which are at the start and the end. */
const change = fc.record({
  fromEnd: fc.boolean(),
  place: fc.oneof(fc.nat(400), fc.nat(1000)),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 4 }),
    fc.constantFrom(...['/', '..', '\0', '0', '7', 'x', 'L', '\x80'].map((text) => Buffer.from(text, 'latin1'))),
  ),
});

function damage(bytes: Buffer, seed: number, length = bytes.length): Buffer {
  const result = Buffer.from(bytes);
  const changes = fc.sample(fc.array(change, { minLength: 1, maxLength: 3 }), { numRuns: 1, seed })[0] ?? [];
  for (const { fromEnd, place, bytes: piece } of changes) {
    result.set(piece, Math.min(length - piece.length, fromEnd ? Math.max(0, length - 4 - place) : place));
  }
  return result;
}

/** A damaged header with a right checksum, or else there would be nothing to compare. */
function damageTar(packed: Buffer, seed: number): Buffer {
  const tar = damage(gunzipSync(packed), seed, 512);
  const checksum = tar
    .subarray(0, 512)
    .fill(' ', 148, 156)
    .reduce((total, byte) => total + byte, 0);
  tar.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148);
  return gzipSync(tar, { level: 1 });
}

test.each([
  ['plain-8-False.zip', damage, 1500],
  ['stream-8-True.zip', damage, 1500],
  ['prefix-0-True.zip', damage, 1500],
  ['gnu-0.tar.gz', damageTar, 500],
  ['pax-0.tar.gz', damageTar, 500],
  ['gnu-0.tar.gz', damage, 1500],
])('%s, damaged, that kho takes is taken by Python, and read the same', async (name, damager, count) => {
  const whole = readFileSync(join(folder, name));
  const taken: { path: string; archive: Archive }[] = [];
  for (let seed = 0; seed < count; seed++) {
    const bytes = damager(whole, seed);
    try {
      const archive = await read(name, bytes);
      const path = join(folder, `damaged-${seed}-${name}`);
      writeFileSync(path, bytes);
      taken.push({ path, archive });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  }
  expect(taken.length).toBeGreaterThan(20);
  const answers = ask<Archive>(taken.map(({ path }) => [kindOf(name), path]));
  for (const [index, { path, archive }] of taken.entries())
    expect([path, readable(archive)]).toEqual([path, answers[index]]);
});
