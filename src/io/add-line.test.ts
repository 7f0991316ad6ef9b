/** Lines of a file that several add to: whole, or told of. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { addLine } from './add-line.ts';

let room = Number.POSITIVE_INFINITY;
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const writeSync = (descriptor: number, bytes: Buffer) => fs.writeSync(descriptor, bytes.subarray(0, room));
  return { ...fs, writeSync };
});

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  room = Number.POSITIVE_INFINITY;
});
afterEach(() => site.close());

test('addLine() adds to what is there, and begins a line of its own after a torn one', () => {
  const path = join(site.root, 'lines');
  addLine(path, 'one\n');
  addLine(path, 'two\n');
  writeFileSync(path, 'half', { flag: 'a' });
  addLine(path, 'three\n');
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nhalf\nthree\n');
});

test('addLine() throws where a part of the line has no room', () => {
  const path = join(site.root, 'lines');
  room = 2;
  expect(() => addLine(path, 'one\n')).toThrow('Cannot write');
  room = Number.POSITIVE_INFINITY;
  addLine(path, 'two\n');
  expect(readFileSync(path, 'utf8')).toBe('on\ntwo\n');
});
