import { expect, test } from 'vitest';
import type { LookedAt } from './look-at-upload.ts';
import { wavesOf } from './waves.ts';

/** As far as names go. */
function upload(name: string, retag = false): LookedAt {
  const [project = '', version = ''] = name.split('-');
  const file = { name, facts: { project: project.toLowerCase(), version } };
  return { file, repositories: [{ ...(retag && { retag }) }] } as LookedAt;
}

test.each<[what: string, names: string[], waves: string[][]]>([
  ['different files', ['a-1.0.whl', 'b-1.0.whl', 'a-1.1.whl'], [['a-1.0.whl', 'b-1.0.whl', 'a-1.1.whl']]],
  ['one name three times', ['a-1.0.zip', 'a-1.0.zip', 'a-1.0.zip'], [['a-1.0.zip'], ['a-1.0.zip'], ['a-1.0.zip']]],
  [
    'one file, spelled otherwise',
    ['a-1.0-py3-none-any.whl', 'b-1.0-py3-none-any.whl', 'A-1.0.0-py3-none-any.whl'],
    [['a-1.0-py3-none-any.whl', 'b-1.0-py3-none-any.whl'], ['A-1.0.0-py3-none-any.whl']],
  ],
])('wavesOf() takes together what cannot meet: %s', (_what, names, waves) => {
  const uploads = names.map((name) => upload(name));
  expect(wavesOf(uploads).map((wave) => wave.map(({ file }) => file.name))).toEqual(waves);
});

test('wavesOf() takes files of a project one by one where they get other names', () => {
  const [one, two, other] = ['a-1.0-py3-none-linux_x86_64.whl', 'a-1.0-py3-none-linux_armv7l.whl', 'b-1.0.zip'];
  const waves = wavesOf([upload(one as string, true), upload(two as string, true), upload(other as string, true)]);
  expect(waves.map((wave) => wave.map(({ file }) => file.name))).toEqual([[one, other], [two]]);
});
