import { expect, test } from 'vitest';
import { normalizeName } from '../standards/name.ts';
import { MachineFit } from '../standards/platforms/machine-fit.ts';
import { parseTargetPython } from '../standards/platforms/target-machine.ts';
import { normalizeVersion } from '../standards/version.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';
import type { Candidate } from './candidate.ts';
import { NO_OPTIONS, type PipOptions } from './candidate.ts';
import type { CandidateLimits } from './choose-candidate.ts';
import { explainChoice, whyNotWords } from './explain-choice.ts';

const FOO = normalizeName('foo');
const FIT = new MachineFit({ platform: 'glibc-x86_64', libcFloor: '2.31', python: parseTargetPython('3.11') });
const ANY: CandidateLimits = { specifiers: [], sha256s: [] };
const CHOSEN = 'foo-2.0-1-cp311-cp311-manylinux_2_17_x86_64.whl';

function candidate(filename: string, more: Partial<Candidate> = {}): Candidate {
  const wheel = filename.endsWith('.whl') ? parseWheelFilename(filename) : undefined;
  const version = normalizeVersion(wheel?.version ?? /-([^-]+)\.tar\.gz$/.exec(filename)![1]!);
  return { filename, version, isYanked: false, ...(wheel && { wheel }), ...more };
}

test.each<
  [
    filename: string,
    why: string,
    more?: Partial<Candidate>,
    limits?: Partial<CandidateLimits>,
    options?: Partial<PipOptions>,
  ]
>([
  ['foo-1.0-py3-none-any.whl', 'is older than 2.0'],
  ['foo-2.0.tar.gz', 'is an sdist, and a wheel of this version comes first'],
  ['foo-2.0-py3-none-any.whl', `fits less closely than ${CHOSEN}`],
  ['foo-2.0-cp311-cp311-manylinux_2_17_x86_64.whl', `has a lower build number than ${CHOSEN}`],
  ['foo-3.0-cp312-cp312-manylinux_2_17_x86_64.whl', 'is for another Python: cp312-cp312'],
  ['foo-3.0-cp311-cp311-musllinux_1_2_x86_64.whl', 'is for other machines: musllinux_1_2_x86_64'],
  ['foo-3.0-cp311-cp311-manylinux_2_34_x86_64.whl', 'needs a newer libc than these machines have (2.31)'],
  [
    'foo-3.0-cp311-cp311-linux_x86_64.whl',
    'needs a newer libc than these machines have (2.31): 2.38',
    { binaries: { libc: 'glibc', glibcFloor: '2.38' } },
  ],
  [
    'foo-3.0-cp311-cp311-linux_x86_64.whl',
    'is for another libc, as its binaries tell: musl',
    { binaries: { libc: 'musl' } },
  ],
  ['foo-3.0-py3-none-any.whl', 'is not for this Python: Requires-Python is >=3.12', { requiresPython: '>=3.12' }],
  ['foo-3.0-py3-none-any.whl', 'is yanked: only who asks for just this version (==) gets it', { isYanked: true }],
  ['foo-3.0rc1-py3-none-any.whl', 'is a pre-release: only who asks for one (--pre) gets it'],
  ['foo-3.0-py3-none-any.whl', 'is not what is asked for: <3', {}, { specifiers: ['<3'] }],
  [
    'foo-3.0-py3-none-any.whl',
    'has a hash that the lock file does not allow',
    { sha256: 'b'.repeat(64) },
    { sha256s: [new Set(['a'.repeat(64)])] },
  ],
  ['foo-3.0.tar.gz', 'is an sdist, which the options of pip forbid here', {}, {}, { onlyBinary: new Set([':all:']) }],
  ['foo-3.0.tar.gz', 'has no wheel, and wheels come first here', {}, {}, { preferBinary: true }],
])('explainChoice() of %s: %s', (filename, why, more = {}, limits = {}, options = {}) => {
  const files = [candidate(filename, more), candidate(CHOSEN)];
  const choice = explainChoice(FOO, files, { ...ANY, ...limits }, FIT, { ...NO_OPTIONS, ...options });
  const others = choice.others.map((other) => ({ ...other, why: whyNotWords(other.why) }));
  expect({ ...choice, others }).toEqual({ chosen: files[1], others: [{ file: files[0], why }] });
});

test('explainChoice() where nothing can be taken', () => {
  const files = [candidate('foo-1.0-cp312-cp312-any.whl'), candidate('foo-2.0-cp312-cp312-any.whl')];
  const { chosen, others } = explainChoice(FOO, files, ANY, FIT, NO_OPTIONS);
  expect([chosen, others.map(({ file }) => file.version)]).toEqual([undefined, ['2.0', '1.0']]);
});
