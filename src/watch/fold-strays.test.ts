import { expect, test } from 'vitest';
import { type Problem, strayFolder } from '../problems.ts';
import { foldStrays } from './fold-strays.ts';

const stray = (file: string, code: Problem['code'] = 'not-a-package'): Problem => ({
  ...{ code, file, what: 'is neither a wheel nor an sdist', hint: 'move it' },
});

test.each([
  ['glibc/packages/project/setup.py', 'glibc/packages/project/'],
  ['glibc/packages/project/src/deep/a.c', 'glibc/packages/project/'],
  ['packages/project/setup.py', 'packages/project/'],
  ['incoming/project/setup.py', 'incoming/project/'],
  ['glibc/packages/setup.py', ''],
  ['incoming/setup.py', ''],
  ['kho.toml', ''],
])('strayFolder() of %s is %j', (file, folder) => {
  expect(strayFolder(stray(file))).toBe(folder);
  expect(strayFolder(stray(file, 'damaged'))).toBe('');
});

test('foldStrays() makes one of all that lies in a folder, whose key stays when more comes', () => {
  const files = ['p/packages/a/1', 'p/packages/a/b/2', 'p/packages/a/b/c/3', 'p/packages/README', 'p/packages/d/1'];
  const folded = foldStrays(files.map((file) => stray(file)));
  expect(folded.map(({ problem }) => [problem.file, problem.what])).toEqual([
    ['p/packages/a/', 'has 3 files in it and below: each is neither a wheel nor an sdist'],
    ['p/packages/README', 'is neither a wheel nor an sdist'],
    ['p/packages/d/1', 'is neither a wheel nor an sdist'],
  ]);
  const [more] = foldStrays([...files, 'p/packages/a/4'].map((file) => stray(file)));
  expect(more?.key).toBe(folded[0]?.key);
  expect(new Set(folded.map(({ key }) => key)).size).toBe(3);
});

test('foldStrays() leaves other faults as they are, file by file', () => {
  const problems = ['p/packages/a/1', 'p/packages/a/2'].map((file) => stray(file, 'damaged'));
  expect(foldStrays(problems).map(({ problem }) => problem)).toEqual(problems);
});
