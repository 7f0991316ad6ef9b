import { expect, test } from 'vitest';
import { html } from './html.ts';
import { endDirections, nameText } from './text-direction.ts';

test.each([
  ['nothing', 'abc \u200f', ''],
  ['an override', '\u202eabc', '\u202c'],
  ['all that is open', '\u202aa\u2067b\u202dc\u2068', '\u2069\u202c\u2069\u202c'],
  ['not what is closed', '\u202aa\u202cb\u2066c\u2069', ''],
  ['not what ends with what it is in', '\u2066a\u202eb\u2069c', ''],
  ['not what ends nothing', '\u202ca\u2069b\u2066c\u202c', '\u2069'],
  ['very much', '\u202b'.repeat(50_000) + '\u2069'.repeat(50_000), '\u202c'.repeat(50_000)],
])('endDirections() ends %s', (_what, text, end) => {
  expect(endDirections(text)).toBe(text + end);
});

test('html`` ends the direction of each text in it', () => {
  expect(html`<p>${'\u202e<a>'} b</p>`.text).toBe('<p>\u202e&lt;a&gt;\u202c b</p>');
});

test('nameText() shows signs that are not seen', () => {
  expect(nameText('a/\u202eyp.exe\u200b\u3164\n\u{e0041}рурі é漢')).toBe(
    'a/⟨U+202E⟩yp.exe⟨U+200B⟩⟨U+3164⟩⟨U+000A⟩⟨U+E0041⟩рурі é漢',
  );
});
