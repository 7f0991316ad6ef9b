import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { TargetReport } from '../../needs/missing-report.ts';
import { normalizeName } from '../../standards/name.ts';
import { paint } from '../text.ts';
import { buildListText, buildScript, missingLines } from './missing-lines.ts';

const REPORT: TargetReport = {
  ...{ platform: 'musl-x86_64', python: '3.11', repository: 'musl' },
  resolution: {
    projects: [
      {
        name: normalizeName('a'),
        verdict: 'there',
        version: '1.0',
        specifiers: '>=1',
        from: ['r.txt line 1'],
        file: { filename: 'a-1.0-py3-none-any.whl', version: '1.0', isYanked: false },
      },
      {
        name: normalizeName('numpy'),
        verdict: 'sdist',
        version: '2.3',
        specifiers: '',
        from: ['x 1', 'y 1', 'z 1'],
        why: 'the newest with a wheel is 2.2',
      },
      {
        name: normalizeName('b'),
        verdict: 'absent',
        specifiers: ">=1,<2,!=1.5'; rm -rf /",
        from: ['a 1.0'],
        why: 'there is nothing of this project',
      },
      {
        name: normalizeName('c'),
        verdict: 'conflict',
        specifiers: '<1,>2',
        from: ['r.txt line 2'],
        why: 'r.txt line 2 wants <1; a 1.0 wants >2',
      },
    ],
    outside: ['./local (r.txt line 3)'],
    unread: ['x 1'],
  },
};

test('missingLines() says what is missing, why, and for whom', () => {
  expect(paint(missingLines([REPORT], false), false)).toBe(`musl-x86_64, Python 3.11 in musl: 3 of 4 missing
  numpy  2.3  sdist only  the newest with a wheel is 2.2; for x 1, y 1 and 1 more
  b           absent      there is nothing of this project; for a 1.0 (>=1,<2,!=1.5'; rm -rf /)
  c           conflict    r.txt line 2 wants <1; a 1.0 wants >2; for r.txt line 2
  what x 1 depends on is not known: its metadata could not be read
  not looked for, since it comes from elsewhere: ./local (r.txt line 3)
`);
});

test('buildListText() is a requirements file', () => {
  expect(buildListText([REPORT])).toBe("# musl-x86_64, Python 3.11\nnumpy==2.3\nb>=1,<2,!=1.5'; rm -rf /\n");
});

test('buildScript() lets a shell see each requirement as one word', () => {
  const script = buildScript([REPORT]).replaceAll('python3.11', 'printf "%s\\n"');
  const { stdout, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout.split('\n').filter((line) => line.startsWith('b') || line.startsWith('numpy'))).toEqual([
    'numpy==2.3',
    "b>=1,<2,!=1.5'; rm -rf /",
  ]);
});

test('missingLines() calls held what is held', () => {
  const held = { file: 'a/packages/b-1.0-py3-none-any.whl', code: 'damaged', what: 'is bad', hint: 'mend it' };
  const project = { ...REPORT.resolution.projects[2]!, why: 'b-1.0-py3-none-any.whl is bad; mend it', held };
  const report = { ...REPORT, resolution: { projects: [project], outside: [], unread: [] } };
  expect(paint(missingLines([report], false), false)).toContain(
    '\n  b    held  b-1.0-py3-none-any.whl is bad; mend it; for',
  );
});
