import { expect, test } from 'vitest';
import { makeFile } from '../../test/support/make-project.ts';
import { bestFile } from './best-file.ts';

const SDIST = 'foo-1.0.tar.gz';
const A = 'foo-1.0-cp310-cp310-win32.whl';
const B = 'foo-1.0-py3-none-any.whl';

test.each<[what: string, files: [name: string, yanked?: string][], expected: string]>([
  ['a wheel before an sdist', [[SDIST], [B]], B],
  ['the first of two wheels', [[A], [B]], A],
  ['what is not yanked', [[A, ''], [B]], B],
  ['an sdist before a yanked wheel', [[A, 'bad'], [SDIST]], SDIST],
  [
    'a yanked wheel before a yanked sdist',
    [
      [SDIST, ''],
      [A, ''],
    ],
    A,
  ],
])('bestFile() takes %s', (_what, files, expected) => {
  const made = files.map(([name, yanked]) => makeFile(name, yanked === undefined ? {} : { yanked }));
  expect(bestFile({ version: '1.0', files: made }).filename).toBe(expected);
});
