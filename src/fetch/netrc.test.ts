import { expect, test } from 'vitest';
import { readNetrc } from './netrc.ts';

const A = { login: 'me', password: 'pw' };

test.each<[what: string, text: string, entries: Record<string, { login: string; password: string }>]>([
  ['an entry on one line', 'machine a.vn login me password pw', { 'a.vn': A }],
  ['an entry on several lines', 'machine a.vn\r\n\tlogin me\r\n\tpassword pw\r\n', { 'a.vn': A }],
  ['the word user', 'machine a.vn user me password pw', { 'a.vn': A }],
  ['words in any order, and an account', 'machine a.vn account x password pw login me', { 'a.vn': A }],
  [
    'one for all others',
    'machine b.vn login x password y default login me password pw',
    { 'b.vn': { login: 'x', password: 'y' }, '': A },
  ],
  ['the last that is said of a host', 'machine a.vn login x password pw machine a.vn login me', { 'a.vn': A }],
  ['words in quotes', 'machine a.vn login "me" password "a \\" b"', { 'a.vn': { login: 'me', password: 'a " b' } }],
  ['an empty word in quotes', 'machine a.vn login "" password pw', { 'a.vn': { login: '', password: 'pw' } }],
  [
    'characters after a backslash',
    'machine a.vn login m\\ e password p\\"w',
    { 'a.vn': { login: 'm e', password: 'p"w' } },
  ],
  ['a quote within a word', 'machine a.vn login me password p"w', { 'a.vn': { login: 'me', password: 'p"w' } }],
  ['lines of comments', '# machine b.vn login x\n  # login y\nmachine a.vn login me password pw', { 'a.vn': A }],
  ['macros up to an empty line', 'machine a.vn login me\nmacdef init\nmachine b.vn\n\npassword pw', { 'a.vn': A }],
  ['macros up to the end', 'machine a.vn login me password pw\n  macdef x\nmachine b.vn', { 'a.vn': A }],
  ['a login of nobody', 'login x password y machine a.vn login me password pw', { 'a.vn': A }],
  ['what breaks off', 'machine a.vn login me password', { 'a.vn': { login: 'me', password: '' } }],
  ['a host that breaks off', 'machine', { '': { login: '', password: '' } }],
  ['words it does not know', 'machine a.vn port 80 login me protocol x password pw', { 'a.vn': A }],
  ['words it does not know, last', 'machine a.vn login me password pw port 80', { 'a.vn': A }],
  ['a word it does not know, by itself', 'machine a.vn secure login me password pw', { 'a.vn': A }],
  ['an account that is called like another word', 'machine a.vn login me account login password pw', { 'a.vn': A }],
  ['a backslash at the end', 'machine a.vn login me password pw \\', { 'a.vn': A }],
  ['nothing', '', {}],
])('readNetrc() reads %s', (_what, text, entries) => {
  expect(Object.fromEntries(readNetrc(text))).toEqual(entries);
});
