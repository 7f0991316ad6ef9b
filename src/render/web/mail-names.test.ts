import { expect, test } from 'vitest';
import { mailNames } from './mail-names.ts';

test.each([
  ['Ada <ada@example.org>', ['Ada ']],
  ['Ada <ada@example.org>, Bob <bob@example.org>', ['Ada ', ' Bob ']],
  ['ada@example.org,bob@example.org', ['ada@example.org', 'bob@example.org']],
  ['"Lovelace, Ada" <a@example.org>', ['"Lovelace', ' Ada" ']],
  ['Ada <a,b>, c', ['Ada ', ' c']],
  ['a, b> c', ['a, b> c']],
  ['a <b, c', ['a <b', ' c']],
  ['<<a>>', ['>']],
  ['a>b<c', ['a>b<c']],
  ['', ['']],
  [',', ['', '']],
])('mailNames() reads %j', (list, names) => {
  expect(mailNames(list)).toEqual(names);
});
