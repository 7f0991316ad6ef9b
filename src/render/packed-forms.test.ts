import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packedForms, withPackedForms } from './packed-forms.ts';

test('withPackedForms() has each page, then its packed forms, of one rendering', async () => {
  let times = 0;
  const render = () => `<!doctype html>${++times}`;
  const files = withPackedForms([{ path: 'simple/index.html', inputs: 'inputs', render }]);
  expect(files.map(({ path, inputs }) => [path, inputs])).toEqual([
    ['simple/index.html', 'inputs'],
    ['simple/index.html.gz', 'inputs'],
    ['simple/index.html.br', 'inputs'],
  ]);
  const [plain, gzip, brotli] = await Promise.all(files.map((file) => file.render()));
  expect(plain).toBe('<!doctype html>1');
  expect(gunzipSync(gzip as Uint8Array).toString()).toBe(plain);
  expect(brotliDecompressSync(brotli as Uint8Array).toString()).toBe(plain);
  expect(times).toBe(1);
});

test.each(['a.png', 'a.jpg', 'a.jpeg', 'a.woff2'])('packedForms() packs no %s', (path) => {
  expect(packedForms(path)).toEqual([]);
});
