import { expect, test } from 'vitest';
import { type Candidate, NO_OPTIONS } from '../catalog/candidate.ts';
import type { PackageSource } from '../needs/package-source.ts';
import type { SiteCandidate } from '../needs/site-source.ts';
import { parseMetadata } from '../standards/metadata.ts';
import { normalizeName } from '../standards/name.ts';
import { MachineFit } from '../standards/platforms/machine-fit.ts';
import { parseTargetPython } from '../standards/platforms/target-machine.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';
import { bothSources, oursOrTheirs } from './ours-or-theirs.ts';
import type { UpstreamCandidate } from './read-index-page.ts';

const FOO = normalizeName('foo');
const FIT = new MachineFit({ platform: 'glibc-x86_64', python: parseTargetPython('3.11') });

/** `1.0` is a wheel, `1.0.tar.gz` an sdist. */
function source<File extends Candidate>(origin: string, versions: string[]): PackageSource<File> {
  const files = versions.map((text) => {
    const version = text.replace('.tar.gz', '');
    const filename = text === version ? `foo-${version}-py3-none-any.whl` : `foo-${text}`;
    const wheel = text === version ? { wheel: parseWheelFilename(filename) } : {};
    return { origin, filename, version, isYanked: false, ...wheel } as unknown as File;
  });
  return {
    candidates: async () => files,
    metadata: async () => parseMetadata(Buffer.from(`Metadata-Version: 2.1\nName: ${origin}\nVersion: 1\n`)),
  };
}
const ours = (...versions: string[]) => source<SiteCandidate>('here', versions);
const theirs = (...versions: string[]) => source<UpstreamCandidate>('upstream', versions);

test.each([
  ['a wheel of ours, however old', ['1.0'], ['2.0'], 'here foo-1.0-py3-none-any.whl'],
  [
    'their wheel of the version that ours has as an sdist',
    ['1.0.tar.gz'],
    ['2.0', '1.0'],
    'upstream foo-1.0-py3-none-any.whl',
  ],
  ['our sdist where they have no wheel of it', ['1.0.tar.gz'], ['2.0', '1.0.tar.gz'], 'here foo-1.0.tar.gz'],
  [
    'their highest wheel of what ours does not have',
    [],
    ['1.0', '2.0', '3.0.tar.gz'],
    'upstream foo-2.0-py3-none-any.whl',
  ],
  ['their sdist where there is nothing else', [], ['3.0.tar.gz'], 'upstream foo-3.0.tar.gz'],
  ['nothing where nobody has it', [], [], 'undefined undefined'],
])('oursOrTheirs() takes %s', async (_what, here, there, expected) => {
  const choose = oursOrTheirs(FIT, ours(...here), theirs(...there));
  const file = await choose(FOO, { specifiers: [], sha256s: [] }, NO_OPTIONS);
  expect(`${file?.origin} ${file?.filename}`).toBe(expected);
});

test('oursOrTheirs() keeps to what is asked for in both', async () => {
  const choose = oursOrTheirs(FIT, ours('1.0', '2.0.tar.gz'), theirs('2.0', '3.0'));
  const chosen = async (specifier: string) =>
    (await choose(FOO, { specifiers: [specifier], sha256s: [] }, NO_OPTIONS))?.filename;
  expect(await chosen('>=2')).toBe('foo-2.0-py3-none-any.whl');
  expect(await chosen('<2')).toBe('foo-1.0-py3-none-any.whl');
  expect(await chosen('>3')).toBeUndefined();
});

test('bothSources() has the files of both, ours first, and asks each for its own', async () => {
  const both = bothSources(ours('1.0'), theirs('2.0'));
  const files = await both.candidates(FOO);
  expect(files.map(({ origin }) => origin)).toEqual(['here', 'upstream']);
  expect(await Promise.all(files.map(async (file) => (await both.metadata(file))?.name))).toEqual(['here', 'upstream']);
  expect(both.held?.(FOO)).toEqual([]);
  const held = [{ filename: 'foo-1.0.tar.gz' }] as never;
  expect(bothSources({ ...ours(), held: () => held }, theirs()).held?.(FOO)).toBe(held);
});
