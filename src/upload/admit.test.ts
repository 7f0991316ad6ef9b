import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { isFromForeignPage, refuseUnheard } from './admit.ts';

const hosts = ['kho.example:8080', 'packages.example.vn'];

test.each([
  ['a client', {}, false],
  ['a page of this site', { origin: 'https://packages.example.vn', 'sec-fetch-site': 'same-origin' }, false],
  ['a page of this site at a port', { origin: 'http://kho.example:8080' }, false],
  ['the address bar', { 'sec-fetch-site': 'none' }, false],
  ['a page of another port', { origin: 'http://kho.example' }, true],
  ['a page of another site', { origin: 'https://evil.example' }, true],
  ['a page without an origin', { origin: 'null' }, true],
  ['a sibling of this site', { 'sec-fetch-site': 'same-site' }, true],
])('isFromForeignPage() judges %s', (_what, headers, expected) => {
  expect(isFromForeignPage(headers, hosts)).toBe(expected);
});

test.each([
  [false, false, 403],
  [false, true, undefined],
  [true, false, undefined],
])('refuseUnheard() of what is confidential: %s, with allow_http: %s', (isConfidential, allowHttp, status) => {
  const asked = {
    ...{ request: { headers: {} } as IncomingMessage, response: {} as ServerResponse },
    ...{ address: '203.0.113.9', client: '203.0.113.9', isConfidential, isDirect: true, hosts },
  };
  const refusal = refuseUnheard(asked, { allowHttp, maxFile: 1, keepFree: 1 });
  expect(refusal?.status).toBe(status);
  if (refusal) expect(refusal.reason).toMatch(/^Use https/);
});
