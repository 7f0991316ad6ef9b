import { expect, test } from 'vitest';
import { readToml, type TomlNode } from './read-toml.ts';

/** Without positions, to be read at a glance. */
function plain(node: TomlNode): unknown {
  if (node.type === 'text') return node.text;
  if (node.type === 'list') return node.items.map(plain);
  if (node.type !== 'table') return `<${node.type}>`;
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.node)]));
}

test.each([
  ['nothing', '', {}],
  ['texts of all kinds', `a = "1"\nb = '2'\nc = """\n3"""`, { a: '1', b: '2', c: '3' }],
  [
    'other values',
    'a = 1\nb = 1.5\nc = true\nd = 2026-11-22',
    { a: '<number>', b: '<number>', c: '<true or false>', d: '<date>' },
  ],
  ['a dotted key', 'a.b.c = "1"\na.b.d = "2"', { a: { b: { c: '1', d: '2' } } }],
  ['a table whose name is quoted', '[a."."]\nb = "1"', { a: { '.': { b: '1' } } }],
  ['a table within a table', '[a.b]\nc = "1"\n[a]\nd = "2"', { a: { b: { c: '1' }, d: '2' } }],
  ['an inline table', 'a = { b.c = "1", d = ["2"] }', { a: { b: { c: '1' }, d: ['2'] } }],
  ['a list of tables', '[[a]]\nb = "1"\n[[a]]\n[a.c]\nd = "2"', { a: [{ b: '1' }, { c: { d: '2' } }] }],
  ['a key that objects have already', '__proto__ = "1"', Object.fromEntries([['__proto__', '1']])],
])('readToml() reads %s', (_what, text, expected) => {
  expect(plain(readToml(text))).toEqual(expected);
});

test('readToml() knows where each key and value stands', () => {
  const root = readToml('a = "1"\n[b.c]\n  d = ["x",\n    "y"]\n');
  expect(root.entries.get('a')).toMatchObject({
    keyPosition: { line: 1, column: 1 },
    node: { position: { line: 1, column: 5 } },
  });
  const b = root.entries.get('b')!;
  expect(b.keyPosition).toEqual({ line: 2, column: 2 });
  const c = b.node.type === 'table' ? b.node.entries.get('c')! : undefined;
  expect(c?.keyPosition).toEqual({ line: 2, column: 4 });
  const d = c?.node.type === 'table' ? c.node.entries.get('d')! : undefined;
  expect(d?.keyPosition).toEqual({ line: 3, column: 3 });
  expect(d?.node).toMatchObject({
    items: [{ position: { line: 3, column: 8 } }, { position: { line: 4, column: 5 } }],
  });
});

test.each([
  ['a key twice', 'a = 1\na = 2', 2, 1],
  ['a table twice', '[a]\n[a]', 2, 2],
  ['a value reopened', 'a.b = 1\na = 2', 2, 1],
  ['no value', 'a =', 1, 4],
  ['an open table name', '[a', 1, 3],
  ['a control character', 'a = "\u0001"', 1, 6],
  ['a date that is none', 'a = 2026-13-40', 1, 14],
  ['ten thousand open lists', `a = ${'['.repeat(10_000)}`, 1, 10_005], // must not overflow the stack
])('readToml() refuses %s', (_what, text, line, column) => {
  expect(() => readToml(text)).toThrow(expect.objectContaining({ name: 'TomlFault', position: { line, column } }));
});
