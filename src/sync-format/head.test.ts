import { expect, test } from 'vitest';
import {
  HEAD_PATH,
  headSha256,
  readHead,
  SIGNATURE_NAMESPACE,
  type SyncHead,
  signaturePath,
  writeHead,
} from './head.ts';

const HEAD: SyncHead = {
  format: 1,
  site: '0b5e2b1c-3a52-4c0e-9d0f-5a0d4a1d2b3c',
  repository: 'glibc',
  counter: 7,
  catalogue: { sha256: 'a'.repeat(64), size: 12_345 },
  created: '2026-11-29T19:10:00Z',
  before: 'b'.repeat(64),
};
const { before: _, ...FIRST } = HEAD;

test.each<[string, SyncHead]>([
  ['a head', HEAD],
  ['the first of all', FIRST],
  ['of the site itself', { ...HEAD, repository: '.' }],
])('readHead() reads %s as it was written', (_what, head) => {
  expect(readHead(writeHead(head))).toEqual(head);
  expect(writeHead(head).length).toBeLessThan(420);
});

test('readHead() passes over what a newer kho of the same format adds', () => {
  expect(readHead(JSON.stringify({ ...HEAD, more: 1 }))).toEqual(HEAD);
});

test.each<[string, unknown]>([
  ['no JSON', '{'],
  ['a list', [HEAD]],
  ['null', null],
  ['a newer format', { ...HEAD, format: 2 }],
  ['no format', { ...HEAD, format: '1' }],
  ['another site', { ...HEAD, site: '../../etc' }],
  ['a repository that is a way', { ...HEAD, repository: '../x' }],
  ['a hidden repository', { ...HEAD, repository: '.kho' }],
  ['a counter that no number holds', { ...HEAD, counter: 2 ** 53 }],
  ['a counter of nothing', { ...HEAD, counter: 0 }],
  ['a counter that is text', { ...HEAD, counter: '8' }],
  ['a catalogue that is a way', { ...HEAD, catalogue: { sha256: '../../x', size: 1 } }],
  ['a catalogue in capitals', { ...HEAD, catalogue: { sha256: 'A'.repeat(64), size: 1 } }],
  ['a catalogue without end', { ...HEAD, catalogue: { sha256: 'a'.repeat(64), size: 2 ** 40 } }],
  ['a time that is none', { ...HEAD, created: 'now' }],
  ['a head before it that is none', { ...HEAD, before: 'x' }],
  ['names that are inherited', JSON.stringify({ format: 1, __proto__x: HEAD }).replace('__proto__x', '__proto__')],
  ['more than a head', { ...HEAD, more: 'x'.repeat(5000) }],
])('readHead() refuses %s', (_what, head) => {
  expect(() => readHead(typeof head === 'string' ? head : JSON.stringify(head))).toThrow(/^Cannot read the head/);
});

test('signaturePath() names a signature by the head that it is of, so no head is ever beside that of another', () => {
  expect([HEAD_PATH, SIGNATURE_NAMESPACE]).toEqual(['sync/head.json', 'kho']);
  expect(signaturePath(headSha256(Buffer.from(writeHead(HEAD))))).toMatch(/^sync\/[0-9a-f]{64}\.sig$/);
});
