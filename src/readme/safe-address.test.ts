import { expect, test } from 'vitest';
import { safeAddress } from './safe-address.ts';

test.each([
  ['https://example.org', 'https://example.org/'],
  ['  HTTP://Example.org/A?b=c#d  ', 'http://example.org/A?b=c#d'],
  ['https://example.org/a|b?{q}="x"#a#b', 'https://example.org/a%7Cb?%7Bq%7D=%22x%22#a%23b'],
  ['https://example.org/100%', 'https://example.org/100%25'],
  ['https://[::1]:8080/', 'https://[::1]:8080/'],
  ['https://exаmple.org/', 'https://xn--exmple-4nf.org/'], // the second letter is Cyrillic
  ['mailto:me@example.org?subject=hi', 'mailto:me@example.org?subject=hi'],
])('safeAddress() takes %j', (text, href) => {
  expect(safeAddress(text)).toBe(href);
});

test.each([
  ['javascript:alert(1)'],
  ['java\nscript:alert(1)'],
  ['\u0001javascript:alert(1)'],
  ['data:text/html,<script>alert(1)</script>'],
  ['vbscript:x'],
  ['file:///etc/passwd'],
  ['ftp://example.org/'],
  ['//example.org/'],
  ['/etc'],
  ['usage/first.md'],
  ['?query'],
  ['#fragment'],
  [''],
  ['https:'],
  ['https://'],
  ['https:///example.org'],
  ['https:\\\\example.org'],
  ['https://packages.example@example.org/'],
  ['https://user:secret@example.org/'],
  ['https://exam ple.org/'],
  ['https://example.org/\ttab'],
  ['mailto://example.org'],
  [`https://example.org/${'x'.repeat(2048)}`],
])('safeAddress() refuses %j', (text) => {
  expect(safeAddress(text)).toBeUndefined();
});
