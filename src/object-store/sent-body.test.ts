import { Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { readWhole, sendingBody, UnreadBody } from './sent-body.ts';

const DISK = new Error('the disk is gone');
const breaking = () =>
  Readable.from(
    (async function* () {
      yield Buffer.from('some');
      throw DISK;
    })(),
    { objectMode: false },
  );

/** Reads it all, as a client does, and says of what breaks that the line did. */
async function send(body: Uint8Array | Readable): Promise<string> {
  const chunks: Uint8Array[] = [];
  try {
    if (body instanceof Uint8Array) return Buffer.from(body).toString();
    for await (const chunk of body) chunks.push(chunk);
  } catch {
    throw new Error('the line broke');
  }
  return Buffer.concat(chunks).toString();
}

test('sendingBody() sends bytes and streams', async () => {
  expect(await sendingBody(() => Buffer.from('bytes'), send)).toBe('bytes');
  expect(await sendingBody(() => Readable.from(['a ', 'stream']), send)).toBe('a stream');
});

test('sendingBody() tells what broke the body, whatever the client makes of it', async () => {
  const expected = { cause: DISK };
  await expect(sendingBody(breaking, send)).rejects.toBeInstanceOf(UnreadBody);
  await expect(sendingBody(breaking, send)).rejects.toMatchObject(expected);
  const unopened = () => {
    throw DISK;
  };
  await expect(sendingBody(unopened, send)).rejects.toMatchObject(expected);
});

test('sendingBody() tells what the client throws, and ends what it was reading', async () => {
  const source = Readable.from(['never read']);
  const failing = async (body: Uint8Array | Readable) => {
    (body as Readable).destroy(new Error('the line broke'));
    throw new Error('the line broke');
  };
  await expect(sendingBody(() => source, failing)).rejects.toThrow('the line broke');
  await vi.waitFor(() => expect(source.destroyed).toBe(true));
});

test('readWhole() reads bytes and streams, and tells what broke them', async () => {
  expect(String(await readWhole(() => Buffer.from('bytes')))).toBe('bytes');
  expect(String(await readWhole(() => Readable.from([Buffer.from('a '), Buffer.from('stream')])))).toBe('a stream');
  await expect(readWhole(breaking)).rejects.toMatchObject({ name: 'UnreadBody', cause: DISK });
});
