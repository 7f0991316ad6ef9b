import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type PageVariant, pageAnswer } from './page-answer.ts';
import { StoredPage } from './page-store.ts';

const HEAD = '<!doctype html><head><meta name="generator" content="kho">';
const PLAIN: PageVariant = { type: 'text/html', coding: 'identity', isNegotiated: false, isLasting: false, mark: '' };

const pageOf = (text: string) => new StoredPage(Buffer.from(text), 1_700_000_000_000, '1:2:3', 0, () => {});
const LONG = pageOf(HEAD + 'x'.repeat(1000));

async function answer(page: StoredPage, variant: Partial<PageVariant> = {}, headers: IncomingHttpHeaders = {}) {
  const { status, headers: list, body } = await pageAnswer(page, { ...PLAIN, ...variant }, headers);
  const named = Object.fromEntries(list.flatMap((name, place) => (place % 2 ? [] : [[name, list[place + 1]]])));
  return { status, headers: named as Record<string, string>, body: Buffer.from(body as string, 'latin1') };
}

test('pageAnswer() tells each form of a page apart by its ETag', async () => {
  const variants: Partial<PageVariant>[] = [{}, { coding: 'gzip' }, { coding: 'br' }, { mark: 'x' }];
  const tags = await Promise.all(variants.map(async (variant) => (await answer(LONG, variant)).headers['ETag']));
  expect(new Set(tags).size).toBe(variants.length);
  expect((await answer(pageOf(`${HEAD}other`))).headers['ETag']).not.toBe(tags[0]);
});

test('pageAnswer() packs what is worth it', async () => {
  const packed = await answer(LONG, { coding: 'gzip' });
  expect(packed.headers).toMatchObject({ 'Content-Encoding': 'gzip', 'Content-Length': String(packed.body.length) });
  expect(gunzipSync(packed.body).equals(LONG.bytes)).toBe(true);
  const small = await answer(pageOf(HEAD), { coding: 'gzip' });
  expect(small.headers['Content-Encoding']).toBeUndefined();
});

test.each<[variant: Partial<PageVariant>, vary: string, control: string]>([
  [{}, 'Accept-Encoding', 'no-cache'],
  [{ isNegotiated: true }, 'Accept, Accept-Encoding', 'no-cache'],
  [{ isLasting: true }, 'Accept-Encoding', 'public, max-age=31536000, immutable'],
])('pageAnswer() of %j varies by %s', async (variant, vary, control) => {
  expect((await answer(LONG, variant)).headers).toMatchObject({ Vary: vary, 'Cache-Control': control });
});

test('pageAnswer() sends nothing to who has it', async () => {
  const { ETag: etag = '' } = (await answer(LONG)).headers;
  expect(await answer(LONG, {}, { 'if-none-match': etag })).toMatchObject({ status: 304, body: Buffer.alloc(0) });
  expect(await answer(LONG, {}, { 'if-match': '"other"' })).toMatchObject({ status: 412 });
  expect(await answer(LONG, {}, { 'if-none-match': '"other"' })).toMatchObject({ status: 200 });
});

const POLICY = 'Content-Security-Policy';

test('pageAnswer() lets no other page stand around one of kho’s, and leaves those of people alone', async () => {
  expect((await answer(LONG)).headers[POLICY]).toMatch(/^default-src 'none'.*; frame-ancestors 'none'$/);
  const own = pageOf(`${HEAD}<meta http-equiv="${POLICY}" content="img-src &#39;self&#39;">`);
  expect((await answer(own)).headers[POLICY]).toBe("img-src 'self'; frame-ancestors 'none'");
  expect((await answer(pageOf('<!doctype html><p>of people'))).headers[POLICY]).toBeUndefined();
  expect((await answer(LONG, { type: 'application/json' })).headers[POLICY]).toBeUndefined();
});
