import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { FormatError } from '../problems.ts';
import { type ByteSource, memorySource } from './byte-source.ts';
import { type Compression, decompress } from './decompress.ts';

const fromBase64 = (text: string) => Buffer.from(text, 'base64');

/** Made by Python's bz2 and lzma. */
const BZIP2 = {
  empty: fromBase64('QlpoORdyRThQkAAAAAA='),
  a: fromBase64('QlpoOTFBWSZTWRmTm2sAAAABACAAIAAhGEaC7kinChIDMnNtYA=='),
  runs: fromBase64('QlpoOTFBWSZTWa6ARi0AAAJBAeAAPwAAgAAIIAAxADAj1T1PJMnZLz1Q4y7NxGHWhD0ojR8XckU4UJCugEYt'),
  zeros: fromBase64(
    'QlpoOTFBWSZTWQ4J4t8BX45AAMAAAAggADCATUZCoCWpCoCXMUFZJlNZpertMgBsAOAAwAAAEAAIIAAwzAUppoAKWwgBS8XckU4UJC5+SiMA',
  ),
};
const XZ = {
  crc32: fromBase64('/Td6WFoAAAFpIt42AgAhARYAAAB0L+WjAQABaGkAAACsKpPYAAEWAtBhENKQQpkNAQAAAAABWVo='),
  none: fromBase64('/Td6WFoAAAD/EtlBAgAhARYAAAB0L+WjAQABaGkAAAAAARIC1KR8tgZynnoBAAAAAABZWg=='),
};

async function unpack(source: ByteSource, compression: Compression, limit?: number): Promise<string> {
  const pieces: Buffer[] = [];
  await decompress(source, compression, (piece) => pieces.push(Buffer.from(piece)), limit);
  return Buffer.concat(pieces).toString('latin1');
}

const unpackBytes = (bytes: Uint8Array, compression: Compression) => unpack(memorySource(bytes), compression);

/** Bytes that do not compress, the same each time. */
const LARGE = createHash('shake256', { outputLength: 3_000_000 }).update('noise').digest();

test.each<[string, Compression, Uint8Array, string]>([
  ['gzip', 'gzip', gzipSync('hi'), 'hi'],
  ['gzip of nothing', 'gzip', gzipSync(''), ''],
  ['gzip in several parts', 'gzip', Buffer.concat([gzipSync('one '), gzipSync('two')]), 'one two'],
  ['large gzip', 'gzip', gzipSync(LARGE), LARGE.toString('latin1')],
  ['gzip that unpacks to much', 'gzip', gzipSync(Buffer.alloc(20_000_000)), '\0'.repeat(20_000_000)],
  ['bzip2 of nothing', 'bzip2', BZIP2.empty, ''],
  ['bzip2 of one byte', 'bzip2', BZIP2.a, 'a'],
  [
    'bzip2 with runs of all lengths',
    'bzip2',
    BZIP2.runs,
    `aaabbbbccccc${'d'.repeat(259)}${'e'.repeat(260)}${'f'.repeat(1000)}`,
  ],
  [
    'bzip2 in several parts',
    'bzip2',
    Buffer.concat([BZIP2.a, BZIP2.empty, BZIP2.runs.subarray(0), BZIP2.a]),
    `aaaabbbbccccc${'d'.repeat(259)}${'e'.repeat(260)}${'f'.repeat(1000)}a`,
  ],
  ['bzip2 with something after it', 'bzip2', Buffer.concat([BZIP2.a, Buffer.from('something')]), 'a'],
  ['xz with CRC32', 'xz', XZ.crc32, 'hi'],
  ['xz without a checksum', 'xz', XZ.none, 'hi'],
])('decompress() reads %s', async (_what, compression, packed, expected) => {
  expect((await unpackBytes(packed, compression)) === expected).toBe(true);
});

test.each<[string, Compression, Uint8Array]>([
  ['gzip', 'gzip', gzipSync('hello '.repeat(9))],
  ['large gzip', 'gzip', gzipSync(LARGE)],
  ['bzip2', 'bzip2', BZIP2.runs],
  ['xz', 'xz', XZ.crc32],
])('decompress() sees that the end of %s is missing', async (_what, compression, packed) => {
  for (const missing of [1, 2, 4, 8, 12, 20]) {
    await expect(unpackBytes(packed.subarray(0, -missing), compression)).rejects.toMatchObject({ code: 'incomplete' });
  }
});

test.each<[string, Compression, Uint8Array]>([
  ['gzip', 'gzip', gzipSync('hello '.repeat(9))],
  ['bzip2', 'bzip2', BZIP2.runs],
  ['xz', 'xz', XZ.crc32],
])('decompress() refuses %s with any bit turned over, or reads the same', async (_what, compression, packed) => {
  const whole = await unpackBytes(packed, compression);
  for (let bit = 8 * 12; bit < packed.length * 8; bit++) {
    const broken = Buffer.from(packed);
    broken[bit >> 3] = (broken[bit >> 3] as number) ^ (1 << (bit & 7));
    const result = await unpackBytes(broken, compression).catch((error: unknown) => error);
    if (!(result instanceof FormatError)) expect(result).toBe(whole);
  }
});

test.each<Compression>(['gzip', 'bzip2', 'xz'])('decompress() says that nothing is no %s', async (compression) => {
  await expect(unpackBytes(new Uint8Array(), compression)).rejects.toMatchObject({ code: 'empty' });
});

test.each<[Compression, Uint8Array]>([
  ['gzip', gzipSync(Buffer.alloc(60_000_000))],
  ['bzip2', BZIP2.zeros],
])('decompress() stops %s at the limit', async (compression, bomb) => {
  let length = 0;
  const count = (piece: Uint8Array) => {
    length += piece.length;
  };
  await expect(decompress(memorySource(bomb), compression, count, 5_000_000)).rejects.toMatchObject({
    code: 'too-big',
  });
  expect(length).toBeLessThanOrEqual(5_000_000);
  await decompress(memorySource(bomb), compression, () => undefined, 60_000_000);
});

test.each<[Compression, Uint8Array]>([
  ['gzip', gzipSync('hi')],
  ['gzip', gzipSync(LARGE)],
  ['bzip2', BZIP2.a],
  ['xz', XZ.crc32],
])('decompress() passes on what the sink of %s throws, and what the source throws', async (compression, packed) => {
  const fault = new Error('no more');
  const failingSink = () => {
    throw fault;
  };
  await expect(decompress(memorySource(packed), compression, failingSink)).rejects.toBe(fault);

  let reads = 0;
  const failing: ByteSource = {
    size: 10_000_000,
    read: async (_offset, length) => {
      if (++reads > 1) throw fault;
      return Buffer.concat([packed, Buffer.alloc(length)]).subarray(0, length);
    },
  };
  await expect(unpack(failing, compression)).rejects.toBe(fault);
  expect(await unpackBytes(packed, compression)).not.toBe(''); // and works again
});
