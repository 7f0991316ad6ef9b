import { expect, test } from 'vitest';
import { normalizeName } from '../standards/name.ts';
import { MachineFit } from '../standards/platforms/machine-fit.ts';
import { parseTargetPython } from '../standards/platforms/target-machine.ts';
import { versionOfFile } from '../standards/version-of-file.ts';
import { buildProject } from './build-project.ts';
import type { HeldFile } from './held-files.ts';
import { machineChoices } from './machine-choices.ts';
import type { IndexedFile } from './model.ts';

const FOO = normalizeName('foo');

function file(filename: string, more: Partial<IndexedFile> = {}): IndexedFile {
  return {
    ...{ filename, kind: filename.endsWith('.whl') ? 'wheel' : 'sdist', repository: 'a', path: filename, name: 'foo' },
    ...{ version: versionOfFile(filename, FOO) ?? '', sha256: 'a'.repeat(64), size: 1, uploadedMs: 0 },
    ...{ signed: false, provenance: false, ...more },
  };
}

const held = (filename: string): HeldFile => ({ file: `a/packages/${filename}`, code: 'damaged', what: '', hint: '' });

/** One line for each group: who takes what, why not the latest, and what is left. */
function told(files: (string | IndexedFile)[], platforms: string[], pythons: string[], heldFiles: HeldFile[] = []) {
  const project = buildProject(
    FOO,
    files.map((each) => (typeof each === 'string' ? file(each) : each)),
    undefined,
  );
  const machines = platforms.flatMap((platform) =>
    pythons.map((python) => ({
      ...{ platform, python },
      fit: new MachineFit({ platform, python: parseTargetPython(python) }),
    })),
  );
  return machineChoices(project, heldFiles, machines).map(({ platforms: of, takes, left, elsewhere }) => ({
    of: of.join(' '),
    takes: takes.map(
      ({ pythons: each, file: one, whyNotLatest: why }) =>
        `${each.join(' ')}: ${one?.filename ?? 'nothing'}${why ? ` (${why.is})` : ''}`,
    ),
    left: left.map(({ filename, why }) => `${filename} ${why.is}`),
    elsewhere,
  }));
}

test('machineChoices() says the same of all machines where files run on all', () => {
  expect(
    told(
      ['foo-1.0-py3-none-any.whl', 'foo-2.0-py3-none-any.whl', 'foo-2.0.tar.gz'],
      ['glibc-x86_64', 'musl-aarch64'],
      ['3.11', '3.12'],
    ),
  ).toEqual([
    {
      of: 'glibc-x86_64 musl-aarch64',
      takes: ['3.11 3.12: foo-2.0-py3-none-any.whl'],
      left: ['foo-2.0.tar.gz source-later'],
      elsewhere: 0,
    },
  ]);
});

test('machineChoices() tells machines apart, and why an older version is taken', () => {
  const files = [
    'foo-1.0.tar.gz',
    'foo-2.0-1-cp311-cp311-manylinux_2_17_x86_64.whl',
    'foo-2.0-cp311-cp311-manylinux_2_17_x86_64.whl',
    'foo-2.0-cp312-cp312-musllinux_1_2_x86_64.whl',
  ];
  expect(told(files, ['glibc-x86_64', 'musl-x86_64'], ['3.11', '3.12'])).toEqual([
    {
      of: 'glibc-x86_64',
      takes: ['3.11: foo-2.0-1-cp311-cp311-manylinux_2_17_x86_64.whl', '3.12: foo-1.0.tar.gz (other-python)'],
      left: ['foo-2.0-cp311-cp311-manylinux_2_17_x86_64.whl lower-build'],
      elsewhere: 1,
    },
    {
      of: 'musl-x86_64',
      takes: ['3.11: foo-1.0.tar.gz (other-python)', '3.12: foo-2.0-cp312-cp312-musllinux_1_2_x86_64.whl'],
      left: [],
      elsewhere: 2,
    },
  ]);
});

test.each<[what: string, files: (string | IndexedFile)[], heldFiles: HeldFile[], takes: string, left: string[]]>([
  [
    'Requires-Python',
    ['foo-1.0-py3-none-any.whl', file('foo-2.0-py3-none-any.whl', { requiresPython: '>=3.13' })],
    [],
    '3.11: foo-1.0-py3-none-any.whl (requires-python)',
    ['foo-2.0-py3-none-any.whl requires-python'],
  ],
  [
    'a newer one that is yanked',
    ['foo-1.0-py3-none-any.whl', file('foo-2.0-py3-none-any.whl', { yanked: '' })],
    [],
    '3.11: foo-1.0-py3-none-any.whl',
    ['foo-2.0-py3-none-any.whl yanked'],
  ],
  [
    'pre-releases, of which the two that are nearest are told',
    ['foo-1.0-py3-none-any.whl', ...['2.0a1', '2.0a2', '2.0a3'].map((each) => `foo-${each}-py3-none-any.whl`)],
    [],
    '3.11: foo-1.0-py3-none-any.whl',
    ['foo-2.0a1-py3-none-any.whl pre-release', 'foo-2.0a2-py3-none-any.whl pre-release'],
  ],
  [
    'a pre-release that fits where the latest does not: an older one is taken before it',
    ['foo-1.0-py3-none-any.whl', 'foo-2.0-cp312-cp312-any.whl', 'foo-2.1rc1-py3-none-any.whl'],
    [],
    '3.11: foo-1.0-py3-none-any.whl (other-python)',
    ['foo-2.1rc1-py3-none-any.whl pre-release', 'foo-2.0-cp312-cp312-any.whl other-python'],
  ],
  [
    'what is held, of this version and newer',
    ['foo-1.0-py3-none-any.whl'],
    [held('foo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl'), held('foo-2.0-py3-none-any.whl'), held('foo-0.9.tar.gz')],
    '3.11: foo-1.0-py3-none-any.whl',
    ['foo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl held', 'foo-2.0-py3-none-any.whl held'],
  ],
  [
    'what new clients pass over',
    ['foo-1.0-py3-none-any.whl', file('foo-2.0-py3-none-any.whl', { passedOver: 'is odd' })],
    [],
    '3.11: foo-1.0-py3-none-any.whl (passed-over)',
    ['foo-2.0-py3-none-any.whl passed-over'],
  ],
  [
    'what is for other machines: it is counted, and nothing is there',
    ['foo-1.0-cp311-cp311-win_amd64.whl'],
    [],
    '3.11: nothing (other-machine)',
    [],
  ],
  ['nothing but pre-releases', ['foo-1.0a1-py3-none-any.whl'], [], '3.11: foo-1.0a1-py3-none-any.whl', []],
])('machineChoices() tells of %s', (_what, files, heldFiles, takes, left) => {
  expect(told(files, ['glibc-x86_64'], ['3.11'], heldFiles)).toMatchObject([{ takes: [takes], left }]);
});

test('machineChoices() has nothing to say where no file is offered', () => {
  expect(told([], ['glibc-x86_64'], ['3.11'])).toEqual([]);
});
