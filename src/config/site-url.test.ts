import { expect, test } from 'vitest';
import { normalizeSiteUrl, siteUrlFault } from './site-url.ts';

test.each([
  ['https://packages.example.vn', 'https://packages.example.vn'],
  ['https://packages.example.vn/', 'https://packages.example.vn'],
  ['http://10.0.0.5:8080/py//', 'http://10.0.0.5:8080/py'],
  ['HTTPS://Packages.Example.VN/PyPI', 'https://packages.example.vn/PyPI'],
])('normalizeSiteUrl() reads %s', (text, expected) => {
  expect(siteUrlFault(text)).toBeUndefined();
  expect(normalizeSiteUrl(text)).toBe(expected);
});

test.each([
  ['', 'must start with'],
  ['packages.example.vn', 'must start with'],
  ['ftp://example.vn', 'must start with'],
  ['javascript:alert(1)', 'must start with'],
  ['https://', 'no valid address'],
  ['https://a b', 'no spaces'],
  ['https://exa\nmple.vn', 'no spaces'], // URL would drop the newline without a word
  ['https:\\\\example.vn', 'backslashes'],
  ['https://me:secret@example.vn', 'no user name'],
  ['https://example.vn/?a', 'no ? or #'],
  ['https://example.vn/#a', 'no ? or #'],
])('siteUrlFault() refuses %j: %s', (text, why) => {
  expect(siteUrlFault(text)).toContain(why);
});
