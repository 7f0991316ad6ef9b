import { expect, test } from 'vitest';
import { groupLeftOut, type LeftOutFile } from '../../policy/left-out.ts';
import { LANGUAGES } from '../../standards/languages.ts';
import { leftOutSection } from './left-out-section.ts';
import type { ShownOffer } from './model.ts';
import { Words } from './words.ts';

const known = (files: readonly LeftOutFile[], newest?: string): ShownOffer => ({
  ...{ is: 'known', upstream: 'pub<lic', leftOut: groupLeftOut(files) },
  ...(newest !== undefined && { newest }),
});
const section = (offer: ShownOffer, language: 'en' | 'vi' = 'en') =>
  leftOutSection('foo', offer, new Words(language)).text;

test('leftOutSection() tells nothing where nothing is to be told', () => {
  expect(section({ is: 'untold' })).toBe('');
});

test('leftOutSection() takes no text of others for HTML', () => {
  const html = section(
    known(
      [
        { file: { filename: 'foo-<img src=x>.whl', version: '1<b>' }, why: { kind: 'malware', id: '<script>' } },
        { file: { filename: 'a', version: '2' }, why: { kind: 'deny', rule: '<i>' } },
      ],
      '<u>',
    ),
  );
  expect(html).not.toMatch(/<(?:img|b|script|i|u)\b/);
  expect(html).toContain('&lt;script&gt;');
});

test('leftOutSection() is open where it is short, and closed where it is long', () => {
  const files = (count: number): LeftOutFile[] =>
    Array.from({ length: count }, (_, at) => ({
      file: { filename: `foo-1.${at}.tar.gz`, version: `1.${at}` },
      why: { kind: 'unhashed' },
    }));
  expect([section(known(files(2))).includes(' open>'), section(known(files(3))).includes(' open>')]).toEqual([
    true,
    false,
  ]);
});

test.each(LANGUAGES)('leftOutSection() has words for each reason in %s', (language) => {
  const html = section(
    known([
      { file: { filename: 'a', version: '1' }, why: { kind: 'malware', id: 'MAL-1' } },
      { file: { filename: 'b', version: '1' }, why: { kind: 'quarantined' } },
      { file: { filename: 'c', version: '1' }, why: { kind: 'cooldown', by: 'release', untilMs: 0 } },
      { file: { filename: 'd', version: '1' }, why: { kind: 'cooldown', by: 'file', untilMs: 60_000 } },
      { file: { filename: 'e', version: '1' }, why: { kind: 'deny', rule: '<2' } },
      { file: { filename: 'f', version: '1' }, why: { kind: 'allow', lacks: 'version' } },
      { file: { filename: 'g', version: '1' }, why: { kind: 'allow', lacks: 'hash' } },
      { file: { filename: 'h', version: '1' }, why: { kind: 'unhashed' } },
      { file: { filename: 'i', version: '1' }, why: { kind: 'gone', sinceMs: 0 } },
      { file: { filename: 'j', version: '1' }, why: { kind: 'clash' } },
    ]),
    language,
  );
  expect(html.split('<details').length - 1).toBe(8);
  expect(html.split('<li>').length - 1).toBe(10);
  expect(html).toMatch(/1970-01-01 00:00 UTC.*1970-01-01 00:01 UTC.*deny: &lt;2.*1970-01-01/s);
  expect(html).not.toMatch(/\{\d\}|undefined/);
});
