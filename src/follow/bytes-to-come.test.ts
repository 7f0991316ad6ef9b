import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { partKey } from '../fetch/download-file.ts';
import type { NormalizedName } from '../standards/name.ts';
import { bytesToCome } from './bytes-to-come.ts';
import type { FileToPull } from './pull-plan.ts';

const [ONE, TWO, SIDE] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string];

function planned(filename: string, sha256: string, size: number, more: Partial<FileToPull['file']> = {}): FileToPull {
  const file = { project: 'foo' as NormalizedName, path: filename, version: '1.0', size, sha256, ...more };
  return { filename, file };
}

test('bytesToCome() counts what copies take too, and nothing of what came before', () => {
  const site = new TestSite();
  onTestFinished(() => site.close());
  const folder = join(site.root, 'pull');
  site.put('pull/boot', '');
  const copied = { repository: 'musl', filename: 'foo.whl', full: '/x', sha256: TWO };
  const bring = [
    planned('foo.whl', ONE, 1000, { sides: [{ suffix: '.asc', sha256: SIDE, size: 10 }] }),
    { ...planned('bar.whl', TWO, 300), copyFrom: copied },
  ];
  expect(bytesToCome(bring, folder)).toBe(1310);
  site.put(`pull/.kho-fetch-${partKey({ filename: 'foo.whl', sha256: ONE })}.${process.pid}.part`, 'x'.repeat(400));
  expect(bytesToCome(bring, folder)).toBe(910);
  site.put(`pull/${SIDE}`, 'x'.repeat(10));
  site.put(`pull/${TWO}`, 'x'.repeat(300));
  expect(bytesToCome(bring, folder)).toBe(600);
});
