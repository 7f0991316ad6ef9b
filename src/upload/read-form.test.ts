import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uploadForm } from '../../test/support/upload-form.ts';
import { FormFault, readForm } from './read-form.ts';

const TYPE = uploadForm.headers['Content-Type'];

async function read(body: Buffer, piece = 7, mostBytes = 1000): Promise<{ form: object; content: string }> {
  const pieces: Uint8Array[] = [];
  const stream = Readable.from(chunks(body, piece));
  const form = await readForm(stream, TYPE, mostBytes, { append: async (bytes) => void pieces.push(bytes) });
  return { form, content: Buffer.concat(pieces).toString('latin1') };
}

function* chunks(body: Buffer, size: number) {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

test.each([1, 7, 1000])(
  'readForm() reads a form in pieces of %i bytes, fields before and behind the file',
  async (piece) => {
    const body = uploadForm.parts([
      [':action', 'file_upload'],
      ['sha256_digest', 'AB'],
      ['content', 'the bytes\r\n--kho-test', '../../foo-1.0.whl'],
      ['md5_digest', 'cd'],
      ['name', 'foo'],
      ['attestations', '[]'],
      ['gpg_signature', 'sig', 'foo.asc'],
    ]);
    for (const whole of [body, Buffer.concat([Buffer.from('\r\n'), body, Buffer.from('epilogue')])]) {
      const { form, content } = await read(whole, piece);
      expect(content).toBe('the bytes\r\n--kho-test');
      expect(form).toEqual({
        ...{ filename: 'foo-1.0.whl', sha256: ['ab'], md5: ['cd'], attestations: '[]', signature: Buffer.from('sig') },
      });
    }
  },
);

test.each([
  ['no file', uploadForm.parts([['x', 'y']]), 400],
  ['a file that is too big', uploadForm.parts([['content', 'x'.repeat(1001), 'f']]), 413],
  [
    'a signature that is too big',
    uploadForm.parts([
      ['content', 'x', 'f'],
      ['gpg_signature', 'x'.repeat(70_000), 's'],
    ]),
    400,
  ],
  [
    'too many files',
    uploadForm.parts([
      ['a', 'x', 'f'],
      ['b', 'x', 'f'],
      ['content', 'x', 'f'],
    ]),
    400,
  ],
  ['100,000 fields', uploadForm.parts(Array.from({ length: 100_000 }, () => ['a', 'b'] as const)), 400],
  ['a field of 9 MiB', uploadForm.parts([['description', 'x'.repeat(9 * 2 ** 20)]]), 413],
  ['no end', uploadForm.parts([['content', 'x', 'f']]).subarray(0, -6), 400],
  ['nothing', Buffer.alloc(0), 400],
])('readForm() refuses %s', async (_what, body, status) => {
  const error = await read(body, 65_536).catch((fault: unknown) => fault);
  expect(error).toBeInstanceOf(FormFault);
  expect(error).toMatchObject({ status });
});

test('readForm() comes to an end with whatever it is given', async () => {
  const words = fc.constantFrom(
    '--kho-test-boundary',
    '\r\n',
    '\r',
    '\n',
    '--',
    'Content-Disposition: form-data; name="content"',
    '; filename="f"',
    "; filename*=utf-8''%2e%2e%2ff",
    'Content-Type: x;',
    ': ',
    '\0',
    '"',
    'x'.repeat(20_000),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(words, fc.string()), { maxLength: 40 }),
      fc.integer({ min: 1, max: 100 }),
      async (parts, piece) => {
        const result = await read(Buffer.from(parts.join('')), piece * 50).catch((fault: unknown) => fault);
        expect(result instanceof FormFault || result instanceof Object).toBe(true);
        if (result instanceof Error) expect(result).toBeInstanceOf(FormFault);
      },
    ),
    { numRuns: 300 },
  );
}, 30_000);
