import { expect, test } from 'vitest';
import { accessToken, formOfToken, TOKEN_RANDOM_BYTES, withoutTokens } from './access-token.ts';

const TOKEN = accessToken(Buffer.alloc(TOKEN_RANDOM_BYTES, 7));

test('accessToken() is one word, known by its start', () => {
  expect(TOKEN).toMatch(/^kho_[A-Za-z0-9_-]{49}$/);
});

test.each([
  ['a token', TOKEN, 'whole'],
  ['one without its end', TOKEN.slice(0, -1), 'mistyped'],
  ['one with something behind', `${TOKEN}x`, 'mistyped'],
  ['one with another character', TOKEN.replace('H', 'I'), 'mistyped'],
  ['the start', 'kho_', 'mistyped'],
  ['one of PyPI', 'pypi-AgEIcHlwaS5vcmc', 'foreign'],
  ['nothing', '', 'foreign'],
])('formOfToken() of %s', (_what, text, form) => {
  expect(formOfToken(text)).toBe(form);
});

test.each([
  ['a token in a text', `sent ${TOKEN}, twice ${TOKEN}`, false, 'sent kho_…, twice kho_…'],
  ['half of one', TOKEN.slice(0, 20), false, 'kho_…'],
  [
    'the name of a file',
    'kho_agent_with_a_long_name-1.0-py3-none-any.whl',
    true,
    'kho_agent_with_a_long_name-1.0-py3-none-any.whl',
  ],
  ['the name of a file that is a token', TOKEN, true, 'kho_…'],
])('withoutTokens() of %s', (_what, text, isFilename, expected) => {
  expect(withoutTokens(text, isFilename)).toBe(expected);
});
