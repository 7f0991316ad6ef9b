import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contrast, READABLE } from './contrast.ts';
import { GROUNDS, ownColour, ownColourFault } from './own-colour.ts';

test.each(['#2c6a3a', '#28607A', '#000000', '#9c3622', '#4b0082'])(
  'ownColour() of %s is readable everywhere',
  (colour) => {
    expect(ownColourFault(colour)).toBeUndefined();
    const own = ownColour(colour);
    expect(own.light.colour).toBe(colour.toLowerCase());
    for (const theme of ['light', 'dark'] as const)
      for (const ground of [...GROUNDS[theme], own[theme].ground])
        for (const ink of [own[theme].colour, own[theme].deep])
          expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(READABLE);
  },
);

test.each([
  ['green', 'must be a colour like "#2c6a3a"'],
  ['#fff', 'six digits'],
  ['#2c6a3a; } body { display: none', 'six digits'],
  ['#2c6a3a\n', 'six digits'],
  ['#ffcc00', 'take a darker one, like "#'],
  ['#ffffff', 'has a contrast of 1 with light grounds, and text needs 4.5'],
])('ownColourFault() refuses %j: %s', (colour, why) => {
  expect(ownColourFault(colour)).toContain(why);
});

test('ownColourFault() names a colour that will do', () => {
  for (const colour of ['#ffcc00', '#ffffff', '#00ffff', '#ff0000']) {
    const [, better = ''] = /like "(#[0-9a-f]{6})"/.exec(ownColourFault(colour) ?? '') ?? [];
    expect(ownColourFault(better), better).toBeUndefined();
  }
});

test.each(['light', 'dark'] as const)('GROUNDS are those of web/colours.css, %s', (theme) => {
  const css = readFileSync('web/colours.css', 'utf8');
  const grounds = ['ground', 'raised', 'sunk', 'band', 'code'].map(
    (name) => new RegExp(`--${name}: .*var\\(--${theme}, (#[0-9a-f]{6})\\)`).exec(css)?.[1],
  );
  expect([...new Set(grounds)].sort()).toEqual([...GROUNDS[theme]].sort());
});
