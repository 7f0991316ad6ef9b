import { expect, test } from 'vitest';
import { evaluateMarker, parseMarker } from './marker.ts';
import { markerEnvironments } from './platforms/marker-environment.ts';
import { parseTargetPython } from './platforms/target-machine.ts';

const environment = (platform: string, python: string) =>
  markerEnvironments({ platform, python: parseTargetPython(python) })[0]!;
const BOARD = environment('glibc-armv7l', '3.11.2');

test.each([
  ['python_version < "3.9"', false], // as text it would be true
  ['python_version >= "3.9"', true],
  ['python_full_version < "3.11.3"', true],
  ['platform_machine == "armv7l" and sys_platform == "linux"', true],
  ['os.name == "nt" or python_version in "3.10 3.11"', true],
  ['sys_platform == "win32" or sys_platform == "linux" and os_name == "nt"', false],
  ['(sys_platform == "win32" or sys_platform == "linux") and os_name == "posix"', true],
  ["'CPython' == python_implementation", true],
  ['platform_system != "Windows"', true],
  ['extra == "Some_Extra"', true],
  ['"B" in extras and "x" not in extras', true],
  ['"dev" in dependency_groups', false],
])('evaluateMarker() of %s on a board', (text, expected) => {
  const more = { extra: 'some-extra', extras: new Set(['b']), dependency_groups: new Set<string>() };
  expect(evaluateMarker(parseMarker(text), { ...BOARD, ...more })).toBe(expected);
});

test('markerEnvironments() answers for the first and the last patch where none is named', () => {
  const both = markerEnvironments({ platform: 'musl-x86_64', python: parseTargetPython('3.11') });
  const marker = parseMarker('python_full_version < "3.11.3"');
  expect(both.map((each) => evaluateMarker(marker, each))).toEqual([true, false]);
  expect(environment('windows-amd64', '3.12')).toMatchObject({ platform_machine: 'AMD64', os_name: 'nt' });
  expect(environment('macos-arm64', '3.12')).toMatchObject({ platform_machine: 'arm64', sys_platform: 'darwin' });
});

test.each([
  '',
  'python_version',
  'python_version >',
  '"3" = "3"',
  'nonsense == "1"',
  '(os_name == "nt"',
  'os_name == "nt")',
  'os_name == "nt" and',
  'os_name == nt',
  'os_name == "n\nt"',
  `${'('.repeat(100_000)}`,
  `os_name == "${'x'.repeat(100_000)}"`,
])('parseMarker() refuses %j', (text) => {
  expect(() => parseMarker(text)).toThrow(/is no valid marker|is too long/);
});

test.each(['"a" == "b"', 'os_name ~= "posix"', 'extras == "a"', 'extra == "a"'])(
  'evaluateMarker() says that %s has no meaning',
  (text) => {
    expect(() => evaluateMarker(parseMarker(text), BOARD)).toThrow(/cannot be compared|not known here/);
  },
);

test('evaluateMarker() compares with each of several extras that are on', () => {
  const several = { ...BOARD, extra: new Set(['extra-3-app-cpu', 'test-all']) };
  const cases = [
    'extra == "extra-3-app-cpu"',
    '"test-all" == extra',
    'extra != "test.all"',
    'extra == "gpu"',
    'extra != "gpu"',
  ];
  expect(cases.map((text) => evaluateMarker(parseMarker(text), several))).toEqual([true, true, false, false, true]);
});
