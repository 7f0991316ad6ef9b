/** What kho makes of machines, markers and requirements, beside Python's `packaging`, which pip decides with. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateMarker, type MarkerEnvironment, normalizeExtra, parseMarker } from '../../src/standards/marker.ts';
import { markerEnvironments } from '../../src/standards/platforms/marker-environment.ts';
import { supportedTags } from '../../src/standards/platforms/supported-tags.ts';
import { parseTargetPython } from '../../src/standards/platforms/target-machine.ts';
import { parseRequirement, type Requirement } from '../../src/standards/requirement.ts';
import { ask } from '../support/standards-oracle.ts';

const ARCHITECTURES = {
  glibc: ['x86_64', 'i686', 'aarch64', 'armv6l', 'armv7l', 'armv8l', 'ppc64le', 's390x', 'riscv64', 'loongarch64'],
  musl: ['x86_64', 'i686', 'aarch64', 'armv6l', 'armv7l', 'ppc64le', 's390x', 'riscv64', 'mips64'],
};
const FLOORS = { glibc: ['2.17', '2.28', '2.31', '2.36', '2.41'], musl: ['1.1', '1.2', '1.2.4'] };

const machines: fc.Arbitrary<[platform: string, floor: string]> = fc.oneof(
  fc.constantFrom('glibc' as const, 'musl' as const).chain((libc) =>
    fc.tuple(
      fc.constantFrom(...ARCHITECTURES[libc]).map((architecture) => `${libc}-${architecture}`),
      fc.constantFrom(...FLOORS[libc]),
    ),
  ),
  fc.tuple(fc.constantFrom('macos-arm64', 'macos-x86_64'), fc.constantFrom('11.0', '12.3', '14.0', '15.4', '26.0')),
  fc.constantFrom<[string, string]>(
    ['macos-x86_64', '10.9'],
    ['windows-amd64', '0.0'],
    ['windows-arm64', '0.0'],
    ['windows-x86', '0.0'],
  ),
);
const pythons = fc.oneof(
  fc.tuple(fc.integer({ min: 5, max: 15 }), fc.constant(false)),
  fc.tuple(fc.integer({ min: 13, max: 15 }), fc.constant(true)),
);

test('supportedTags() lists what packaging does, in its order', () => {
  const cases = fc.sample(fc.tuple(machines, pythons), { numRuns: 120, seed: 425 });
  const questions = cases.map(([[platform, floor], [minor, threaded]]) => [platform, floor, minor, threaded]);
  const answers = ask<string[]>('supported_tags', questions);
  cases.forEach(([[platform, libcFloor], [minor, threaded]], index) => {
    const python = parseTargetPython(`3.${minor}${threaded ? 't' : ''}`);
    const tags = supportedTags({ platform, python, libcFloor });
    expect([platform, libcFloor, python.written, tags]).toEqual([platform, libcFloor, python.written, answers[index]]);
  });
});

const EXTRAS = ['Test_All', 'y'];
const environments = ['3.11', '3.8.10', '3.13t', '3.14.0rc2']
  .flatMap((python) =>
    ['glibc-armv7l', 'windows-amd64'].map((platform) => ({ platform, python: parseTargetPython(python) })),
  )
  .flatMap(markerEnvironments)
  .flatMap((environment): MarkerEnvironment[] => [
    { ...environment, extra: '' },
    { ...environment, extra: 'test-all', platform_release: '6.1.0', platform_version: '#1 SMP 6.1' },
    { ...environment, extra: 'x', extras: new Set(EXTRAS.map(normalizeExtra)), dependency_groups: new Set() },
  ]);

const variable = fc.constantFrom(
  ...['python_version', 'python_full_version', 'os_name', 'os.name', 'sys_platform', 'sys.platform', 'extra', 'extras'],
  ...['platform_machine', 'platform.machine', 'platform_system', 'platform_release', 'platform_version'],
  ...['python_implementation', 'platform_python_implementation', 'implementation_name', 'implementation_version'],
  ...['platform.version', 'nonsense', 'python_versio'],
);
const value = fc.constantFrom(
  ...[
    '"3.11"',
    "'3.8'",
    '"3.11.0"',
    '"3.*"',
    '"3.11.*"',
    '"3.14.0rc2"',
    '"3.8,3.9"',
    '"3.8 3.11"',
    '""',
    '"linux"',
    '"win32"',
  ],
  ...[
    '"posix"',
    '"CPython"',
    '"cpython"',
    '"armv7l"',
    '"AMD64"',
    '"Test_All"',
    '"test-all"',
    '"x"',
    '"6.0"',
    '"6"',
    'x',
    '"a\'b"',
  ],
  ...['"Linux"', '"lin"', '"3"', '"4.0.0"', '"2.7"', '"armv7l aarch64"'],
);
const operator = fc.constantFrom(
  '<',
  '<=',
  '==',
  '!=',
  '>=',
  '>',
  '~=',
  '===',
  ' in ',
  ' not in ',
  ' not  in ',
  '=',
  ' <= ',
);
const operand = fc.oneof({ weight: 3, arbitrary: variable }, value);
const comparison = fc.tuple(operand, operator, operand).map((parts) => parts.join(''));
const markers = fc.letrec<{ marker: string }>((tie) => ({
  marker: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: comparison },
    fc
      .tuple(tie('marker'), fc.constantFrom(' and ', ' or ', ' and', 'or '), tie('marker'))
      .map((parts) => parts.join('')),
    tie('marker').map((marker) => ` ( ${marker})`),
  ),
})).marker;

function verdict(text: string, environment: MarkerEnvironment): boolean | 'invalid' | 'undefined' {
  let marker: ReturnType<typeof parseMarker>;
  try {
    marker = parseMarker(text);
  } catch {
    return 'invalid';
  }
  try {
    return evaluateMarker(marker, environment);
  } catch {
    return 'undefined';
  }
}

test('markers hold where packaging says so', () => {
  const cases = fc.sample(fc.tuple(fc.oneof(comparison, markers), fc.constantFrom(...environments)), {
    numRuns: 4000,
    seed: 508,
  });
  const answers = ask<boolean | string>(
    'marker',
    cases.map(([text, { extras, dependency_groups: _, ...environment }]) => [
      text,
      { ...environment, ...(extras && { extras: EXTRAS }) },
    ]),
  );
  cases.forEach(([text, environment], index) => {
    expect([text, environment, verdict(text, environment)]).toEqual([text, environment, answers[index]]);
  });
  for (const outcome of [true, false, 'invalid', 'undefined']) {
    expect(answers.filter((answer) => answer === outcome).length).toBeGreaterThan(50);
  }
});

const specifier = fc
  .tuple(
    fc.constantFrom('<', '<=', '==', '!=', '>=', '>', '~=', '===', '= ', '=>'),
    fc.constantFrom('', ' '),
    fc.constantFrom('1', '1.0', '1.*', '2.0rc1', '1.0+local', '1!2', 'x', '1.0.post1', ''),
  )
  .map((parts) => parts.join(''));
const specifiers = fc.oneof(
  fc
    .array(specifier, { maxLength: 3 })
    .chain((parts) => fc.constantFrom(',', ', ', ' , ', ',,').map((comma) => parts.join(comma))),
  specifier.map((text) => `(${text})`),
  specifier.map((text) => `${text},`),
  fc.constantFrom('@ https://a.b/c.whl', '@file:///x y', '@ ./x', '@', '()', '( >=1 , <2 )', '(>=1', '>=1)', '1.0'),
);
const requirements = fc
  .tuple(
    fc.constantFrom('foo', 'Foo.Bar', 'a', '9x', 'foo_', 'foo-', '-foo', '', ' foo', 'fo o', 'foo\u00e9'),
    fc.constantFrom('', '', '[a]', '[A_b, c]', '[ ]', '[a b]', '[a,]', '[,a]', '[a', ' [ a , b ] '),
    fc.constantFrom('', ' '),
    specifiers,
    fc.constantFrom('', '', '; python_version < "3"', ' ;os_name=="nt"', ';', '; x', ' # note', ' ; extra == "a" '),
  )
  .map((parts) => parts.join(''));

test('requirements are read as packaging reads them', () => {
  const cases = fc.sample(requirements, { numRuns: 4000, seed: 751 });
  type Answer = { name: string; extras: string[]; specifiers: string[]; url: string | null; marker: boolean } | null;
  const answers = ask<Answer>(
    'requirement',
    cases.map((text) => [text]),
  );
  cases.forEach((text, index) => {
    let ours: Requirement | undefined;
    try {
      ours = parseRequirement(text);
    } catch {
      // none
    }
    const answer = answers[index] ?? undefined;
    if (!ours || !answer) {
      // packaging lets a name end in an underscore, which its own rule for names of projects refuses, and takes a comma
      // after === for a part of the version.
      if (!/^ ?foo_|===.*,/.test(text)) expect([text, ours && 'read']).toEqual([text, answer && 'read']);
      return;
    }
    expect([text, ours.url ?? null, ours.marker !== undefined]).toEqual([text, answer.url, answer.marker]);
    expect([text, ours.extras]).toEqual([
      text,
      [...new Set(answer.extras.map((extra) => extra.replace(/[-_.]+/g, '-').toLowerCase()))].sort(),
    ]);
    const bare = (all: string[]) =>
      all
        .map((one) => one.replaceAll(' ', ''))
        .filter(Boolean)
        .sort();
    expect([text, bare(ours.specifiers.split(','))]).toEqual([text, bare(answer.specifiers)]);
  });
  expect(answers.filter(Boolean).length).toBeGreaterThan(400);
});
