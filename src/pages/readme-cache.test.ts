import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RenderedDescription } from '../readme/render-description.ts';
import { forgetReadmes, ReadmeCache, sweepReadmes } from './readme-cache.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kho-readmes-'));
  folder = join(root, '.kho/readmes');
});
afterEach(() => rmSync(root, { recursive: true }));

const ROAD: RenderedDescription = { html: '<p>đường\nxa</p>', kind: 'markdown', cut: true };

/** What comes out of the cache, and how often it had to be rendered. */
async function ask(print: string, rendered: RenderedDescription | undefined = ROAD, cache = new ReadmeCache(root)) {
  let renders = 0;
  const result = await cache.remember(print, async () => {
    renders++;
    return rendered;
  });
  return { result, renders };
}

test('a description is rendered once for all runs, and comes back as it was', async () => {
  expect(await ask('a')).toEqual({ result: ROAD, renders: 1 });
  expect(await ask('a')).toEqual({ result: ROAD, renders: 0 });
  expect((await ask('b')).renders).toBe(1);
});

test.each([
  ['cut short', (text: string) => text.slice(0, -2)],
  ['cut within its facts', (text: string) => text.slice(0, 9)],
  ['empty', () => ''],
  ['changed by somebody', (text: string) => text.replace('xa', 'xb')],
  ['of another format', (text: string) => text.replace('"format":1', '"format":0')],
])('an entry that is %s is rendered anew, and mended', async (_what, damage) => {
  await ask('a');
  writeFileSync(join(folder, 'a'), damage(readFileSync(join(folder, 'a'), 'utf8')));
  expect(await ask('a')).toEqual({ result: ROAD, renders: 1 });
  expect(await ask('a')).toEqual({ result: ROAD, renders: 0 });
});

test('one that is longer than what is kept is rendered each time', async () => {
  const long = { ...ROAD, html: 'x'.repeat(512 * 1024 + 1) };
  expect((await ask('long', long)).result).toEqual(long);
  expect((await ask('long', long)).renders).toBe(1);
});

test('who only reads leaves nothing behind; a folder that cannot be written costs nothing but the rendering', async () => {
  await ask('a', ROAD, new ReadmeCache(root, { mayWrite: false }));
  expect(readdirSync(root)).toEqual([]);
  writeFileSync(join(root, '.kho'), 'a file where the folder should be');
  expect(await ask('a')).toEqual({ result: ROAD, renders: 1 });
});

test('sweepReadmes() removes what nobody shows and what dead runs left, and not what another run is writing', async () => {
  for (const print of ['a', 'b', 'c']) await ask(print);
  const dead = '.kho-999999999-0123456789ab-0';
  const living = `.kho-${process.ppid}-0123456789ab-0`;
  for (const name of [dead, living]) writeFileSync(join(folder, name), '');
  sweepReadmes(root, new Set(['a', 'c']));
  expect(readdirSync(folder).sort()).toEqual([living, 'a', 'c']);
});

test('sweepReadmes() keeps the newest where all are too much', async () => {
  for (const [place, print] of ['b', 'a', 'c'].entries()) {
    await ask(print, { ...ROAD, html: 'x'.repeat(1000) });
    utimesSync(join(folder, print), 100 + place, 100 + place);
  }
  sweepReadmes(root, new Set(['a', 'b', 'c']), 2500);
  expect(readdirSync(folder).sort()).toEqual(['a', 'c']);
});

test('forgetReadmes() removes all, also where there is nothing', async () => {
  forgetReadmes(root);
  await ask('a');
  forgetReadmes(root);
  expect(readdirSync(join(root, '.kho'))).toEqual([]);
});

test('sweepReadmes() of a site without any does nothing', () => {
  mkdirSync(join(root, '.kho'));
  sweepReadmes(root, new Set(['a']));
  expect(readdirSync(root)).toEqual(['.kho']);
});
