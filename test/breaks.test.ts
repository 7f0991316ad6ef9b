import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BREAKS } from './breaks/all.ts';

const ROOT = join(import.meta.dirname, '..');

test('each break still stands in its file, once, and its test is there', () => {
  const lost = BREAKS.filter(({ file, find }) => readFileSync(join(ROOT, file), 'utf8').split(find).length !== 2);
  expect(lost.map(({ file, what }) => `${file}: ${what}`)).toEqual([]);
  expect(BREAKS.filter((each) => !existsSync(join(ROOT, each.test))).map((each) => each.test)).toEqual([]);
  expect(BREAKS.length).toBeGreaterThan(200);
});
