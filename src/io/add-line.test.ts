/** Lines of a file that several add to: whole, or told of. */
import fs, { readFileSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { addLine } from './add-line.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

/** A disk that takes so many bytes of each write. @returns a function that lets it take all again */
function writeAtMost(room: number): () => void {
  const write = fs.writeSync as (descriptor: number, bytes: Uint8Array) => number;
  const part = (descriptor: number, bytes: Uint8Array) => write(descriptor, bytes.subarray(0, room));
  const spy = vi.spyOn(fs, 'writeSync').mockImplementation(part as typeof fs.writeSync);
  syncBuiltinESMExports();
  const letWrite = () => {
    spy.mockRestore();
    syncBuiltinESMExports();
  };
  onTestFinished(letWrite);
  return letWrite;
}

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
  const letWrite = writeAtMost(2);
  expect(() => addLine(path, 'one\n')).toThrow('Cannot write');
  letWrite();
  addLine(path, 'two\n');
  expect(readFileSync(path, 'utf8')).toBe('on\ntwo\n');
});
