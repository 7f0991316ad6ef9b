import { expect, test } from 'vitest';
import type { LeftFile, MachineChoice } from '../../catalog/machine-choices.ts';
import { PagePlace } from './layout.ts';
import { whySection } from './why-section.ts';
import { Words } from './words.ts';

const PLACE = new PagePlace('farm', 'project/foo/index.html');
const WHEEL = 'foo-2.0-cp311-cp311-manylinux_2_17_x86_64.whl';

const choice = (more: Partial<MachineChoice> = {}): MachineChoice => ({
  ...{ platforms: ['glibc-x86_64'], left: [], elsewhere: 0 },
  takes: [{ pythons: ['3.11', '3.12'], file: { filename: WHEEL, version: '2.0', isSource: false } }],
  ...more,
});

const section = (...choices: MachineChoice[]) =>
  whySection({ name: 'foo', latest: '2.0', choices }, PLACE, new Words('en')).text;
const textOf = (html: string) => html.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');

test('whySection() says what is taken, with a link to it, and why not the latest', () => {
  const html = section(
    choice({
      takes: [
        { pythons: ['3.11'], file: { filename: WHEEL, version: '2.0', isSource: false } },
        {
          pythons: ['3.12'],
          file: { filename: 'foo-1.0.tar.gz', version: '1.0', isSource: true },
          whyNotLatest: { is: 'requires-python', specifiers: '<3.12 & "<b>"' },
        },
        { pythons: ['3.13'], whyNotLatest: { is: 'other-machine', tag: 'win_amd64' } },
      ],
    }),
    choice({ platforms: ['musl-aarch64'], takes: [{ pythons: ['3.11'] }] }),
  );
  expect(html).toContain(`href="../../project/foo/2.0/${WHEEL}.html"`);
  expect(html).not.toContain('<b>');
  expect(textOf(html)).toContain(
    'Python 3.12foo-1.0.tar.gz source: it has to be built there Not 2.0: it wants Python &lt;3.12 &amp; &quot;&lt;b&gt;&quot;',
  );
  expect(textOf(html)).toContain('Python 3.13nothing Not 2.0: it is for other machines');
  expect(textOf(html)).toContain('Alpine (aarch64) nothing');
  expect(html.split('<details').length - 1).toBe(2);
});

test('whySection() of machines that all take the same is one answer', () => {
  const html = section(choice());
  expect(html).not.toContain('<details');
  expect(textOf(html)).toContain('All machines of this repository');
  expect(textOf(html)).toContain('kho why foo --for glibc-x86_64 --python 3.12');
});

test('whySection() names some files of many, and counts the others', () => {
  const left = Array.from(
    { length: 40 },
    (_, number): LeftFile => ({ filename: `foo-${number}.tar.gz`, why: { is: 'held' } }),
  );
  const html = section(choice({ left, elsewhere: 1 }), ...Array.from({ length: 40 }, () => choice()));
  expect(html.split('class="reason"').length - 1).toBe(12);
  expect(html.split('<details').length - 1).toBe(24);
  expect(textOf(html)).toMatch(/28 more.*1 file is for other machines.*17 more/);
});

test('whySection() is not there where nothing is known', () => {
  expect(section()).toBe('');
});
