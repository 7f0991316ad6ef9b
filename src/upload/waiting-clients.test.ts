/** Clients whose uploads wait for their turn, or for a build: some want to see that somebody is there, and some cannot bear it. */
import { expect, test } from 'vitest';
import { makeWheel, wheelFilename } from '../../test/support/make-package.ts';
import { serveDesk } from '../../test/support/served-desk.ts';
import { talkTo, until, uploadHead } from '../../test/support/served-uploads.ts';
import { uploadForm } from '../../test/support/upload-form.ts';
import { bearsSigns } from './bears-signs.ts';

const WHEEL = { name: 'foo', version: '1.0' };
const FORM = uploadForm.of(wheelFilename(WHEEL), makeWheel(WHEEL));

/** One upload of a token at a time; each is refused when `letGo` says so, and signs of life come all the time. */
async function slowDesk(): Promise<{ url: string; secret: string; received: () => number; letGo: () => void }> {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let count = 0;
  const desk: Parameters<typeof serveDesk>[0] = {
    take: async () => {
      await gate;
      return { is: 'refused', why: 'bad', text: 'No' };
    },
    publish: async () => {},
    limits: { mostOfOne: 1, signMs: 20, waitingSignMs: 20 },
  };
  const { url, secret } = await serveDesk(desk, (_request, response, receiving) => {
    count++;
    void receiving.then((answer) => {
      response.writeHead(answer?.status ?? 500).end(answer?.body);
    });
  });
  return { url, secret, received: () => count, letGo };
}

test('the fetch of Node, which bears no interim answer, waits for its turn and gets its answer', async () => {
  const { url, secret, received, letGo } = await slowDesk();
  const post = () =>
    fetch(`${url}/glibc/upload/`, {
      method: 'POST',
      headers: { ...uploadForm.headers, ...uploadForm.authorization(secret) },
      body: new Uint8Array(FORM),
    });
  const both = Promise.all([post(), post()]);
  await until(() => received() === 2);
  const curl = talkTo(url, [uploadHead(secret, FORM.length, 'User-Agent: curl/8.0\r\n'), FORM], { enough: /No/ });
  await until(() => received() === 3);
  setTimeout(letGo, 200); // ten signs, for who is given any
  expect((await both).map(({ status }) => status)).toEqual([400, 400]);
  expect(await curl).toMatch(/^(?:HTTP\/1\.1 100 Continue\r\n\r\n){3,}HTTP\/1\.1 400 /);
});

test.each([
  ['twine/6.2.0 (keyring; CPython/3.12)', true],
  ['uv/0.13.9', true],
  ['python-requests/2.32.3', true],
  ['Poetry/2.1 Python/3.11', true],
  ['node', false],
  ['undici', false],
  ['Go-http-client/1.1', false],
  ['twinequest/1.0', false],
  ['', false],
  [undefined, false],
])('bearsSigns() of %j is %j', (userAgent, expected) => {
  expect(bearsSigns(userAgent)).toBe(expected);
});
