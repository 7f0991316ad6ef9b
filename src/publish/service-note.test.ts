import { chmodSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refuse } from '../../test/support/poor-disk.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { bornAt } from '../io/process-is-alive.ts';
import {
  isServiceAlive,
  readServiceNote,
  removeServiceNote,
  type ServiceNote,
  writeServiceNote,
} from './service-note.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  site.put('.kho/state', '');
});
afterEach(() => {
  letWrite();
  site.close();
});

const NOTE: ServiceNote = {
  command: 'serve',
  pid: process.pid,
  host: hostname(),
  born: bornAt(process.pid),
  since: '2026-11-29T08:00:00Z',
  seen: '2026-11-29T09:00:00Z',
  url: 'http://127.0.0.1:8080',
};
const names = () => readdirSync(`${site.root}/.kho`).sort();

test('readServiceNote() has what was written last, and nothing else is left beside it', () => {
  expect(readServiceNote(site.root)).toBeUndefined();
  writeServiceNote(site.root, NOTE);
  writeServiceNote(site.root, { ...NOTE, command: 'watch' });
  expect(readServiceNote(site.root)).toEqual({ ...NOTE, command: 'watch', format: 1 });
  expect(names()).toEqual(['service', 'state']);
});

test.each<[what: string, text: string]>([
  ['no JSON', '{'],
  ['null', 'null'],
  ['a list', '[]'],
  ['of another format', JSON.stringify({ ...NOTE, format: 2 })],
  ['of another command', JSON.stringify({ ...NOTE, format: 1, command: 'build' })],
  ['without a number', JSON.stringify({ ...NOTE, format: 1, pid: '7' })],
  ['without a host', JSON.stringify({ ...NOTE, format: 1, host: 7 })],
  ['without its birth', JSON.stringify({ ...NOTE, format: 1, born: undefined })],
  ['without a beginning', JSON.stringify({ ...NOTE, format: 1, since: undefined })],
  ['without a time', JSON.stringify({ ...NOTE, format: 1, seen: null })],
  ['longer than any', JSON.stringify({ ...NOTE, format: 1, url: 'x'.repeat(70_000) })],
])('readServiceNote() believes none that is %s', (_what, text) => {
  site.put('.kho/service', text);
  expect(readServiceNote(site.root)).toBeUndefined();
});

const FAILING = { upstream: 'public', message: 'does not answer', since: NOTE.since };
const BUCKET = { name: 'wheels', pushed: NOTE.seen, fault: { message: 'is full', since: NOTE.seen } };

test.each<[what: string, more: object, isBelieved: boolean]>([
  ['upstreams that fail', { failing: [FAILING, FAILING] }, true],
  ['no list of upstreams', { failing: FAILING }, false],
  ['an upstream that is none', { failing: [FAILING, null] }, false],
  ['an upstream without a name', { failing: [{ ...FAILING, upstream: 7 }] }, false],
  ['an upstream without a reason', { failing: [{ ...FAILING, message: undefined }] }, false],
  ['an upstream without a time', { failing: [FAILING, { ...FAILING, since: null }] }, false],
  ['a bucket', { bucket: BUCKET }, true],
  ['a bucket that nothing was pushed to', { bucket: { name: 'wheels' } }, true],
  ['no bucket', { bucket: null }, false],
  ['a bucket without a name', { bucket: { ...BUCKET, name: undefined } }, false],
  ['a bucket that was pushed at no time', { bucket: { ...BUCKET, pushed: 7 } }, false],
  ['a bucket with a fault without a reason', { bucket: { ...BUCKET, fault: { since: NOTE.seen } } }, false],
  ['a bucket with a fault without a time', { bucket: { ...BUCKET, fault: { message: 'is full' } } }, false],
])('readServiceNote() of one with %s: believed is %s', (_what, more, isBelieved) => {
  site.put('.kho/service', JSON.stringify({ ...NOTE, ...more, format: 1 }));
  expect(readServiceNote(site.root)).toEqual(isBelieved ? { ...NOTE, ...more, format: 1 } : undefined);
});

test('readServiceNote() believes none where others may write', () => {
  writeServiceNote(site.root, NOTE);
  chmodSync(`${site.root}/.kho`, 0o777);
  expect(readServiceNote(site.root)).toBeUndefined();
});

test('removeServiceNote() takes that of this process away, and none of another', () => {
  writeServiceNote(site.root, NOTE);
  for (const other of [{ pid: 1 }, { host: 'elsewhere' }, { born: '1' }]) {
    removeServiceNote(site.root, { ...NOTE, ...other });
    expect(readServiceNote(site.root)).toBeDefined();
  }
  removeServiceNote(site.root, NOTE);
  removeServiceNote(site.root, NOTE);
  expect(names()).toEqual(['state']);
});

test.each([['file'], ['rename']] as const)('a disk that refuses that (%s) keeps nobody from publishing', (kind) => {
  refuse([kind], 'ENOSPC');
  writeServiceNote(site.root, NOTE);
  letWrite();
  expect(readServiceNote(site.root)).toBeUndefined();
  expect(names()).toEqual(['state']);
});

test.each<[what: string, more: Partial<ServiceNote>, isAlive: boolean | undefined]>([
  ['this process', {}, true],
  ['one that had its number before', { born: '1' }, false],
  ['one that is gone', { pid: 999_999_999 }, false],
  ['one of another machine', { host: 'elsewhere' }, undefined],
])('isServiceAlive() of %s', (_what, more, isAlive) => {
  expect(isServiceAlive({ ...NOTE, ...more })).toBe(isAlive);
});
