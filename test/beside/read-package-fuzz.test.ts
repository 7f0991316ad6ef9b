/** Whatever is done to a good package, reading it ends, and either works or says why not. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeSdist, makeWheel } from '../support/make-package.ts';
import { whyHeld } from '../support/read-bytes.ts';

const OPTIONS = {
  name: 'foo',
  version: '1.0',
  description: 'About foo.\n'.repeat(30),
  members: { 'foo/data.bin': Buffer.alloc(300, 7) },
};
/** One byte. */
const BZIP2 = 'QlpoOTFBWSZTWRmTm2sAAAABACAAIAAhGEaC7kinChIDMnNtYA==';

const SUBJECTS: [string, Buffer][] = [
  ['foo-1.0-py3-none-any.whl', makeWheel(OPTIONS)],
  [
    'foo-1.0-py3-none-any.whl',
    makeWheel({ ...OPTIONS, zip: { zip64: true, prefix: Buffer.from('x'), comment: Buffer.from('y') } }),
  ],
  ['foo-1.0.tar.gz', makeSdist(OPTIONS)],
  ['foo-1.0.zip', makeSdist({ ...OPTIONS, suffix: '.zip' })],
  ['foo-1.0.tar.bz2', Buffer.from(BZIP2, 'base64')],
].map(([filename, bytes]) => [filename as string, Buffer.from(bytes as Uint8Array)]);

/** Places count from the start or, where the interesting records are, from the end. */
const change = fc.record({
  fromEnd: fc.boolean(),
  place: fc.oneof(fc.nat(120), fc.nat(5000)),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc.constantFrom(Buffer.alloc(4), Buffer.alloc(4, 0xff), Buffer.from('PK\x05\x06'), Buffer.from('ffffff7f', 'hex')),
  ),
  how: fc.constantFrom('overwrite', 'insert', 'remove'),
});

function apply(
  bytes: Buffer,
  { fromEnd, place, bytes: piece, how }: { fromEnd: boolean; place: number; bytes: Uint8Array; how: string },
): Buffer {
  const at = Math.min(bytes.length, fromEnd ? Math.max(0, bytes.length - place) : place);
  const after = how === 'insert' ? at : at + piece.length;
  return Buffer.concat([bytes.subarray(0, at), ...(how === 'remove' ? [] : [piece]), bytes.subarray(after)]);
}

test.each(SUBJECTS)('%s, changed in any places, is read or held', async (filename, bytes) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat(bytes.length), { freq: 2 }),
      async (changes, length) => {
        const changed = changes.reduce(apply, bytes.subarray(0, length ?? bytes.length));
        expect(await whyHeld(filename, changed)).toMatch(/^(?:fine|[a-z-]+: .+)$/);
      },
    ),
    { numRuns: 400 },
  );
});

test('foo-1.0.tar.gz, changed inside the gzip, is read or held', async () => {
  const tar = Buffer.from(makeSdist({ ...OPTIONS, suffix: '.tar' }));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const changed = gzipSync(changes.reduce(apply, tar), { level: 1 });
      expect(await whyHeld('foo-1.0.tar.gz', changed)).toMatch(/^(?:fine|[a-z-]+: .+)$/);
    }),
    { numRuns: 400 },
  );
});

test.each(['foo-1.0-py3-none-any.whl', 'foo-1.0.tar.gz', 'foo-1.0.zip', 'foo-1.0.tar.bz2', 'foo-1.0.tar.xz'])(
  '%s of any bytes is held',
  async (filename) => {
    const starts = fc.constantFrom('', 'PK\x03\x04', 'PK\x05\x06', '\x1f\x8b\x08', 'BZh91AY&SY', '\xfd7zXZ\0');
    await fc.assert(
      fc.asyncProperty(starts, fc.uint8Array({ maxLength: 300 }), async (start, bytes) => {
        expect(await whyHeld(filename, Buffer.concat([Buffer.from(start, 'latin1'), bytes]))).toMatch(/^[a-z-]+: .+$/);
      }),
      { numRuns: 150 },
    );
  },
);
