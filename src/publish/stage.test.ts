import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { plainTarget } from '../../test/support/plain-target.ts';
import { TestSite } from '../../test/support/site.ts';
import { FLUSH_TOGETHER } from '../io/flush.ts';
import { readPageStamp } from '../io/page-stamp.ts';
import type { Page } from '../render/page.ts';
import type { Published } from './manifest.ts';
import { type Move, nothingStaged, Stager } from './stage.ts';

const NAME = '.kho-staged';

let site: TestSite;
let rendered: string[];
beforeEach(() => {
  site = new TestSite();
  rendered = [];
  site.put('glibc/simple/foo/index.html', 'old');
});
afterEach(() => site.close());

const page = (path: string, inputs = 'inputs', content = 'new'): Page => ({
  path,
  inputs,
  render: () => {
    rendered.push(path);
    return content;
  },
});

async function stage(pages: readonly Page[], known: Published = new Map(), precompress = false) {
  const staged = nothingStaged();
  const stager = new Stager(plainTarget(site.root), NAME, precompress);
  await stager.stage('glibc', pages, known, staged);
  return { stager, staged };
}

const FOO = 'glibc/simple/foo/index.html';
const stampOf = (path: string) => readPageStamp(join(site.root, path)) as string;

test('Stager.stage() writes beside the site what is new, to be flushed and moved: a new folder as one', async () => {
  const pages = ['simple/foo/index.html', 'simple/bar/index.html', 'simple/bar/deep/index.json'].map((path) =>
    page(path),
  );
  const { staged: result } = await stage(pages);
  expect(site.read(FOO)).toBe('old');
  expect(result).toMatchObject({ written: 3, unchanged: 0 });
  expect(result.moves.map(({ to }) => to)).toEqual([FOO, 'glibc/simple/bar']);
  const [ofFoo = '', ofBar = ''] = result.moves.map(({ from }) => from);
  expect(result.toFlush).toEqual([ofFoo, `${ofBar}/index.html`, `${ofBar}/deep/index.json`]);
  for (const path of [ofFoo, ofBar]) expect(path.startsWith(`${join(site.root, 'glibc', NAME)}/`)).toBe(true);
  expect(readFileSync(ofFoo, 'utf8')).toBe('new');
  expect(statSync(`${ofBar}/deep/index.json`).isFile()).toBe(true);
});

test.each<[what: string, known: () => [stamp: string, inputs: string], isRendered: boolean, written: number]>([
  ['is known, with the same inputs', () => [stampOf(FOO), 'inputs'], false, 0],
  ['is known with other inputs', () => [stampOf(FOO), 'others'], true, 1],
  ['was changed by somebody', () => ['another stamp', 'inputs'], true, 1],
])('Stager.stage() of a page that %s', async (_what, known, isRendered, written) => {
  const { staged: result } = await stage([page('simple/foo/index.html')], new Map([[FOO, known()]]));
  expect(rendered.length > 0).toBe(isRendered);
  expect(result).toMatchObject({ written, unchanged: 1 - written });
  expect(result.published.get(FOO)?.[1]).toBe('inputs');
});

test('Stager.stage() writes no page whose bytes are there', async () => {
  const { staged: result } = await stage([page('simple/foo/index.html', 'others', 'old')]);
  expect(result).toMatchObject({ written: 0, unchanged: 1, moves: [], toFlush: [] });
  expect(result.published.get(FOO)).toEqual([stampOf(FOO), 'others']);
});

test('Stager.stage() names the first files to flush, and one more where they are too many for that', async () => {
  const many = Array.from({ length: 80 }, (_, number) => page(`simple/foo/${number}.html`));
  const { staged: result } = await stage(many);
  expect(result.written).toBe(80);
  expect(result.toFlush.length).toBe(FLUSH_TOGETHER + 1);
});

test('Stager.stage() moves packed forms right after their page', async () => {
  const { staged: result } = await stage([page('simple/foo/index.html')], new Map(), true);
  expect(result.moves.map(({ to }) => to)).toEqual([FOO, `${FOO}.gz`, `${FOO}.br`]);
});

test('Stager keeps what is staged to itself, and takes it away, and nothing else', async () => {
  site.put('glibc/.kho-other/file', '');
  const { stager } = await stage([page('simple/foo/index.html')]);
  stager.close(['glibc']);
  expect(readdirSync(join(site.root, 'glibc')).sort()).toEqual(['.kho-other', 'simple']);
  expect(existsSync(join(site.root, FOO))).toBe(true);
});

test('Stager lets nobody else write in what is staged, and leaves a site’s folders as they are', async () => {
  await stage([page('simple/foo/index.html'), page('index.html'), page('project/foo/1.0/index.html')]);
  expect(statSync(join(site.root, 'glibc', NAME)).mode & 0o022).toBe(0);
  expect(readdirSync(join(site.root, 'glibc')).sort()).toEqual([NAME, 'simple']);
});

test('Stager.stage() stages another project, and after it was closed begins anew', async () => {
  const target = plainTarget(site.root);
  const stager = new Stager(target, NAME);
  for (const project of ['bar', 'baz']) {
    const one = nothingStaged();
    await stager.stage('glibc', [page(`simple/${project}/index.html`), page('top.html')], new Map(), one);
    const [{ from, to }] = one.moves as [Move];
    expect(to).toBe(`glibc/simple/${project}`);
    expect(dirname(from)).toBe(join(site.root, 'glibc', NAME));
    expect(existsSync(join(from, 'index.html'))).toBe(true);
    stager.close(['glibc']);
    expect(existsSync(join(site.root, 'glibc', NAME))).toBe(false);
  }
});

test('Stager.stage() of a page of the site itself', async () => {
  const one = nothingStaged();
  await new Stager(plainTarget(site.root), NAME).stage('.', [page('index.html')], new Map(), one);
  expect(one.moves.map(({ from, to }) => [dirname(from), to])).toEqual([[join(site.root, NAME), 'index.html']]);
});
