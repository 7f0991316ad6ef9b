import { hash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeSdist, makeWheel } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite, runStopped } from '../../test/support/stop-writes.ts';
import { loadSite } from '../config/load-config.ts';
import type { LearnedFile } from '../inspect/learned-files.ts';
import { writeHook } from '../io/disk.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { PROBLEM_HINTS } from '../problems.ts';
import { takeIncoming } from './take-incoming.ts';
import type { TakeOptions } from './taking-run.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  mkdirSync(join(site.root, 'glibc/packages'), { recursive: true });
});
afterEach(() => {
  letWrite();
  site.close();
});

const FOO = 'foo-1.0-py3-none-any.whl';
const foo = makeWheel({ name: 'foo', version: '1.0' });
const other = makeWheel({ name: 'foo', version: '1.0', description: 'other bytes' });
const OVERWRITE = '[repositories.glibc]\noverwrite = true\n';

async function take(options: Partial<TakeOptions> = {}) {
  const { config } = await loadSite(site.root);
  return takeIncoming(config, { now: Date.now(), ...options });
}
const bytes = (path: string) => site.read(path);
const text = (of: Uint8Array) => Buffer.from(of).toString('utf8');
const paths = () => Object.keys(site.snapshot());
const codes = ({ problems }: { problems: { file: string; code: string }[] }) =>
  problems.map(({ file, code }) => [file, code]);

test('takeIncoming() moves whole files into the only repository, from sub-folders too', async () => {
  site.put(`incoming/${FOO}`, foo);
  site.put('incoming/ci/build 7/bar-2.0.tar.gz', makeSdist({ name: 'bar', version: '2.0' }));
  site.put('incoming/packages/baz-1.0-py3-none-any.whl', makeWheel({ name: 'baz', version: '1.0' }));
  expect(await take()).toEqual({
    moved: [
      { file: 'incoming/ci/build 7/bar-2.0.tar.gz', to: 'glibc/packages/bar-2.0.tar.gz' },
      { file: `incoming/${FOO}`, to: `glibc/packages/${FOO}` },
      { file: 'incoming/packages/baz-1.0-py3-none-any.whl', to: 'glibc/packages/baz-1.0-py3-none-any.whl' },
    ],
    problems: [],
    events: [],
  });
  expect(paths()).toEqual([
    'glibc/packages/bar-2.0.tar.gz',
    'glibc/packages/baz-1.0-py3-none-any.whl',
    `glibc/packages/${FOO}`,
  ]);
  expect(bytes(`glibc/packages/${FOO}`)).toBe(text(foo));
});

test('takeIncoming() moves into packages/ of the site itself, and passes over repositories of nothing but includes', async () => {
  rmSync(join(site.root, 'glibc'), { recursive: true });
  mkdirSync(join(site.root, 'packages'));
  site.put('kho.toml', '[repositories.all]\ninclude = ["."]\n');
  site.put(`incoming/${FOO}`, foo);
  expect((await take()).moved).toEqual([{ file: `incoming/${FOO}`, to: `packages/${FOO}` }]);
});

test('takeIncoming() does nothing without incoming/, and takes no lock for an empty one', async () => {
  const nothing = { moved: [], problems: [], events: [] };
  let writes = 0;
  writeHook.before = () => {
    writes++;
  };
  expect(await take()).toEqual(nothing);
  mkdirSync(join(site.root, 'incoming/sub'), { recursive: true });
  expect(await take()).toEqual(nothing);
  expect(writes).toBe(0);
});

test('takeIncoming() keeps the time of a file, and lets all read it', async () => {
  const modified = new Date('2025-06-07T08:09:10.123Z');
  chmodSync(join(site.root, site.put(`incoming/${FOO}`, foo, modified)), 0o600);
  chmodSync(join(site.root, site.put(`incoming/${FOO}.yanked`, 'broken', modified)), 0o770);
  await take();
  for (const path of [FOO, `${FOO}.yanked`]) {
    const { mode, mtimeMs } = statSync(join(site.root, 'glibc/packages', path));
    expect([mode & 0o7777, Math.round(mtimeMs)]).toEqual([0o644, modified.getTime()]);
  }
});

test('takeIncoming() leaves a file where several repositories may be meant', async () => {
  rmSync(join(site.root, 'glibc'), { recursive: true });
  for (const name of ['red', 'blue']) mkdirSync(join(site.root, name, 'packages'), { recursive: true });
  site.put(`incoming/${FOO}`, foo);
  site.put(`incoming/${FOO}.asc`, 'signature');
  const taken = await take();
  expect(taken).toMatchObject({ moved: [], problems: [{ code: 'undecided', file: `incoming/${FOO}` }] });
  expect(taken.problems[0]?.hint).toBe('move it into one of blue/packages/, red/packages/');
  expect(paths()).toEqual([`incoming/${FOO}`, `incoming/${FOO}.asc`]);
});

test.each([
  ['at the top', `glibc/packages/${FOO}`],
  ['in a sub-folder', `glibc/packages/old/${FOO}`],
])('takeIncoming() removes without a word what is published already %s', async (_what, published) => {
  site.put(published, foo);
  site.put(`incoming/${FOO}`, foo);
  site.put(`incoming/again/${FOO}`, foo);
  site.put(`incoming/${FOO}.metadata`, 'from a copy of packages/');
  expect(await take()).toEqual({ moved: [], problems: [], events: [] });
  expect(paths()).toEqual([published]);
});

test('takeIncoming() refuses other bytes under a published name, says why, and numbers them', async () => {
  site.put(`glibc/packages/${FOO}`, foo);
  site.put(`incoming/sub/${FOO}`, other);
  site.put(`incoming/sub/${FOO}.asc`, 'signature');
  const taken = await take();
  expect(taken).toMatchObject({ moved: [], problems: [], events: [{ code: 'refused', file: `incoming/sub/${FOO}` }] });
  expect(bytes(`glibc/packages/${FOO}`)).toBe(text(foo));
  expect(bytes(`incoming/refused/${FOO}`)).toBe(text(other));
  const reason = bytes(`incoming/refused/${FOO}.txt`);
  expect(reason).toMatch(/was not published: other bytes.*\n\nin the way: glibc\/packages\/foo-1\.0/);
  expect(reason).toContain('[repositories.glibc]\n    overwrite = true');

  const third = makeWheel({ name: 'foo', version: '1.0', description: 'third' });
  site.put(`incoming/${FOO}`, third);
  await take();
  expect(bytes(`incoming/refused/${FOO}`)).toBe(text(other));
  expect(bytes(`incoming/refused/${FOO}.2`)).toBe(text(third));

  site.put(`incoming/${FOO}`, other);
  expect((await take()).events[0]?.what).toMatch(/^was moved to incoming\/refused\/foo-1\.0-py3-none-any\.whl: /);
  const names = ['', '.2', '.2.txt', '.asc', '.txt'].map((ending) => `incoming/refused/${FOO}${ending}`);
  expect(paths()).toEqual([`glibc/packages/${FOO}`, ...names]);
  expect(await take()).toEqual({ moved: [], problems: [], events: [] });
});

test('takeIncoming() replaces a published file where kho.toml lets it', async () => {
  site.put('kho.toml', OVERWRITE);
  site.put(`glibc/packages/old/${FOO}`, foo);
  site.put(`glibc/packages/old/${FOO}.asc`, 'signature');
  site.put(`incoming/${FOO}`, other);
  site.put(`incoming/${FOO}.asc`, 'new signature');
  expect((await take()).moved.map(({ to }) => to)).toEqual([
    `glibc/packages/old/${FOO}.asc`,
    `glibc/packages/old/${FOO}`,
  ]);
  expect(bytes(`glibc/packages/old/${FOO}`)).toBe(text(other));
  expect(bytes(`glibc/packages/old/${FOO}.asc`)).toBe('new signature');
});

test('takeIncoming(), stopped at any write while it replaces a file, leaves the old or the new one', async () => {
  const reset = () => {
    rmSync(join(site.root, '.kho'), { recursive: true, force: true });
    rmSync(join(site.root, 'incoming'), { recursive: true, force: true });
    site.put('kho.toml', OVERWRITE);
    site.put(`glibc/packages/${FOO}`, foo);
    site.put(`incoming/${FOO}`, other);
  };
  let isDone = false;
  for (let last = 0; !isDone; last++) {
    reset();
    isDone = await runStopped(last, take);
    expect([text(foo), text(other)]).toContain(bytes(`glibc/packages/${FOO}`));
    expect(last).toBeLessThan(50);
    rmSync(join(site.root, '.kho/lock'), { force: true });
    await take();
    expect(bytes(`glibc/packages/${FOO}`)).toBe(text(other));
    expect(paths()).toEqual([`glibc/packages/${FOO}`, 'kho.toml']);
    if (isDone) expect(last).toBeGreaterThan(5);
  }
});

test('takeIncoming() replaces none of several files, even where kho.toml lets it', async () => {
  site.put('kho.toml', OVERWRITE);
  site.put(`glibc/packages/${FOO}`, foo);
  site.put(`glibc/packages/old/${FOO}`, foo);
  site.put(`incoming/${FOO}`, other);
  expect((await take()).events).toHaveLength(1);
  expect(bytes(`incoming/refused/${FOO}.txt`)).toContain('It cannot replace one of several files');
});

test('takeIncoming() takes side-files that come later, and refuses to replace one', async () => {
  site.put(`glibc/packages/sub/${FOO}`, foo);
  site.put(`glibc/packages/sub/${FOO}.asc`, 'signature');
  site.put(`incoming/${FOO}.yanked`, 'broken');
  site.put(`incoming/${FOO}.asc`, 'another');
  const { moved, events } = await take();
  expect(moved).toEqual([{ file: `incoming/${FOO}.yanked`, to: `glibc/packages/sub/${FOO}.yanked` }]);
  expect(events).toMatchObject([{ code: 'refused', file: `incoming/${FOO}.asc` }]);
  expect(bytes(`incoming/refused/${FOO}.asc`)).toBe('another');
  expect(bytes(`glibc/packages/sub/${FOO}.asc`)).toBe('signature');
});

test('takeIncoming() lets a side-file wait for its package, and reports it when that does not come', async () => {
  site.put(`incoming/${FOO}.asc`, 'signature');
  expect(codes(await take())).toEqual([]);
  expect((await take({ now: Date.now() + 61_000 })).problems).toEqual([
    {
      code: 'not-a-package',
      file: `incoming/${FOO}.asc`,
      what: `belongs to "${FOO}", which is not there`,
      hint: 'put it beside its file in packages/, or remove it',
    },
  ]);
  expect(paths()).toEqual([`incoming/${FOO}.asc`]);
});

test('takeIncoming() leaves broken and foreign files, and reports them', async () => {
  site.put('incoming/broken-1.0-py3-none-any.whl', foo.subarray(0, -20));
  site.put('incoming/page-1.0-py3-none-any.whl', '<html>not found</html>');
  site.put('incoming/README.txt', 'hello');
  site.put('incoming/sub/a-1-py2.7.egg', '');
  site.put(`incoming/.${FOO}.Xy12ab`, foo.subarray(0, 9)); // rsync
  site.put(`incoming/${FOO}.part`, foo.subarray(0, 9));
  const before = paths();
  const { problems } = await take();
  expect(codes({ problems })).toEqual([
    ['incoming/README.txt', 'not-a-package'],
    ['incoming/broken-1.0-py3-none-any.whl', 'incomplete'],
    ['incoming/page-1.0-py3-none-any.whl', 'not-an-archive'],
    ['incoming/sub/a-1-py2.7.egg', 'unsupported'],
  ]);
  expect(problems[0]).toMatchObject({ what: 'is neither a wheel nor an sdist', hint: 'move it out of incoming/' });
  expect(problems[3]?.what).toBe('is of a kind that pip and its peers no longer install');
  expect(paths()).toEqual(before);
});

test('takeIncoming() unpacks a wheel to the end, and sees a hole in its middle', async () => {
  const members = { 'foo/data': 'x'.repeat(50_000) };
  const bigger = Buffer.from(makeWheel({ name: 'foo', version: '1.0', members }));
  const middle = bigger.indexOf('foo/data') + 20;
  site.put(`incoming/${FOO}`, bigger.fill(0, middle, middle + 16));
  expect(codes(await take())).toEqual([[`incoming/${FOO}`, 'damaged']]);
  expect(codes(await take({ now: Date.now() + 1000 }))).toEqual([[`incoming/${FOO}`, 'damaged']]);
  expect(codes(await take())).toEqual([[`incoming/${FOO}`, 'damaged']]);
  site.put(`incoming/${FOO}`, makeWheel({ name: 'foo', version: '1.0', members }));
  expect((await take()).moved).toHaveLength(1);
});

test('takeIncoming() says nothing of a file that still grows, nor touches files that are said to be busy', async () => {
  const path = join(site.root, site.put(`incoming/${FOO}`, foo.subarray(0, 100), new Date()));
  const growing = setTimeout(() => writeFileSync(path, foo.subarray(0, 200)), 60);
  expect(await take()).toEqual({ moved: [], problems: [], events: [] });
  clearTimeout(growing);
  expect(statSync(path).size).toBe(200);
  site.put(`incoming/${FOO}`, foo);
  site.put(`incoming/${FOO}.asc`, 'signature');
  const busy = new Set([`incoming/${FOO}`, `incoming/${FOO}.asc`]);
  expect(await take({ busy })).toEqual({ moved: [], problems: [], events: [] });
  expect(paths()).toEqual([`incoming/${FOO}`, `incoming/${FOO}.asc`]);
});

test('takeIncoming() waits while the published file of this name is written', async () => {
  site.put(`glibc/packages/${FOO}`, other.subarray(0, 100));
  site.put(`incoming/${FOO}`, other);
  expect(await take({ busy: new Set([`glibc/packages/${FOO}`]) })).toEqual({ moved: [], problems: [], events: [] });
  expect(existsSync(join(site.root, 'incoming', FOO))).toBe(true);
});

test('takeIncoming() follows no links', async () => {
  const outside = new TestSite();
  outside.put(`secret/${FOO}`, foo);
  site.put('incoming/real/bar-1.0-py3-none-any.whl', other);
  symlinkSync(join(outside.root, 'secret', FOO), join(site.root, 'incoming', FOO));
  symlinkSync(join(outside.root, 'secret'), join(site.root, 'incoming/secret'));
  symlinkSync('nowhere', join(site.root, 'incoming/baz-1.0-py3-none-any.whl'));
  symlinkSync(join(outside.root, 'secret'), join(site.root, 'incoming/refused'));
  site.put('glibc/packages/qux-1.0-py3-none-any.whl', makeWheel({ name: 'qux', version: '1.0' }));
  site.put(
    'incoming/qux-1.0-py3-none-any.whl',
    makeWheel({ name: 'qux', version: '1.0', description: 'to be refused' }),
  );
  expect(codes(await take())).toEqual([
    ['incoming/baz-1.0-py3-none-any.whl', 'not-a-package'],
    [`incoming/${FOO}`, 'not-a-package'],
    ['incoming/qux-1.0-py3-none-any.whl', 'not-moved'],
    ['incoming/real/bar-1.0-py3-none-any.whl', 'name-mismatch'],
    ['incoming/secret', 'not-a-package'],
  ]);
  expect(Object.keys(outside.snapshot())).toEqual([`secret/${FOO}`]);
  outside.close();
});

test('takeIncoming() does not replace a link or folder that stands in packages/', async () => {
  symlinkSync('nowhere', join(site.root, 'glibc/packages', FOO));
  site.put(`incoming/${FOO}`, foo);
  expect(codes(await take())).toEqual([[`incoming/${FOO}`, 'not-moved']]);
});

test.each(['glibc/packages', 'glibc', '.', 'glibc/packages/sub'])(
  'takeIncoming() refuses an incoming/ that leads to %s',
  async (to) => {
    site.put(`glibc/packages/sub/${FOO}`, foo);
    symlinkSync(to, join(site.root, 'incoming'));
    await expect(take()).rejects.toMatchObject({ code: 'SITE', hint: 'let the link lead to a folder of its own' });
    expect(existsSync(join(site.root, 'glibc/packages/sub', FOO))).toBe(true);
  },
);

test('takeIncoming() reports an incoming that is no folder', async () => {
  site.put('incoming', 'a file');
  const [what, hint] = ['is no folder', 'make it a folder, or give it another name'];
  expect((await take()).problems).toEqual([{ code: 'not-readable', file: 'incoming', what, hint }]);
});

test('takeIncoming() reports names that no address can hold, links, and what lies too deep', async () => {
  const deep = `${'a'.repeat(200)}/`.repeat(19);
  mkdirSync(join(site.root, 'incoming', deep), { recursive: true });
  site.put('incoming/tab\tbed-1.0-py3-none-any.whl', foo);
  site.put('incoming/back\\slash/README', '');
  symlinkSync('elsewhere', join(site.root, 'incoming/link-1.0-py3-none-any.whl'));
  const { problems } = await take();
  const whats = problems.map(({ file, what, hint }) => [file.slice(9, 13), what, hint]);
  const [unusable, rename] = ['has a name with characters that no address can hold', PROBLEM_HINTS['bad-filename']];
  expect(whats).toEqual([
    ['aaaa', 'lies too deep', 'move it further up'],
    ['back', unusable, rename],
    ['link', 'is a link, and kho takes up files only', 'copy the file itself there'],
    ['tab\t', unusable, rename],
  ]);
});

test('takeIncoming() passes over what kho.toml says to ignore', async () => {
  site.put('kho.toml', 'ignore = ["*.log"]\n');
  site.put('incoming/upload.log', '');
  site.put(`incoming/${FOO}`, foo);
  expect(await take()).toMatchObject({ moved: [{}], problems: [] });
});

test('takeIncoming() moves nothing into a folder whose disk is not mounted', async () => {
  site.wheel('glibc', { name: 'bar', version: '1.0' });
  await site.build();
  site.changeKept('manifest', (line) => line.replace(/"device":\d+/, '"device":1'));
  site.remove('glibc/packages');
  mkdirSync(join(site.root, 'glibc/packages'));
  site.put(`incoming/${FOO}`, foo);
  await expect(take()).rejects.toMatchObject({ code: 'SITE' });
  expect(existsSync(join(site.root, 'incoming', FOO))).toBe(true);
});

test('takeIncoming() reports what it cannot write, and moves the others', async () => {
  site.put(`incoming/${FOO}`, foo);
  site.put('incoming/bar-1.0-py3-none-any.whl', makeWheel({ name: 'bar', version: '1.0' }));
  mkdirSync(join(site.root, 'glibc/packages', FOO));
  const { moved, problems } = await take();
  expect(moved).toHaveLength(1);
  expect(problems).toMatchObject([{ code: 'not-moved', file: `incoming/${FOO}` }]);
  expect(problems[0]?.what).toMatch(/^stays where it is: cannot move it to ".*": something else is there$/);
  expect(problems[0]?.hint).toBe('move that away');
});

/** Another file system than that of the test sites; they are in memory where the machine allows it. */
const ELSEWHERE = mkdtempSync(join(realpathSync(tmpdir()), 'kho-incoming-'));
afterEach(() => rmSync(ELSEWHERE, { recursive: true, force: true }));

test('takeIncoming() moves files from one disk to another', async (context) => {
  mkdirSync(ELSEWHERE, { recursive: true });
  if (statSync(ELSEWHERE).dev === statSync(site.root).dev) context.skip('there is one disk only');
  symlinkSync(ELSEWHERE, join(site.root, 'incoming'));
  const modified = new Date('2025-06-07T08:09:10.123Z');
  for (const [name, content] of [
    [FOO, foo],
    [`${FOO}.yanked`, 'broken'],
  ] as const) {
    writeFileSync(join(ELSEWHERE, name), content, { mode: 0o600 });
    utimesSync(join(ELSEWHERE, name), modified, modified);
  }
  expect((await take()).moved).toHaveLength(2);
  expect(readdirSync(ELSEWHERE)).toEqual([]);
  expect(readdirSync(join(site.root, 'glibc/packages'))).toEqual([FOO, `${FOO}.yanked`]);
  const { mode, mtimeMs } = statSync(join(site.root, 'glibc/packages', FOO));
  expect([mode & 0o7777, Math.round(mtimeMs)]).toEqual([0o644, modified.getTime()]);
  expect(bytes(`glibc/packages/${FOO}`)).toBe(text(foo));
});

test('takeIncoming() publishes no copy of a file that changed while it was copied', async (context) => {
  mkdirSync(ELSEWHERE, { recursive: true });
  if (statSync(ELSEWHERE).dev === statSync(site.root).dev) context.skip('there is one disk only');
  symlinkSync(ELSEWHERE, join(site.root, 'incoming'));
  writeFileSync(join(ELSEWHERE, FOO), foo);
  writeHook.before = (kind) => {
    if (kind === 'copy') writeFileSync(join(ELSEWHERE, FOO), other);
  };
  expect(await take()).toEqual({ moved: [], problems: [], events: [] });
  expect(readdirSync(join(site.root, 'glibc/packages'))).toEqual([]);
  expect(readdirSync(ELSEWHERE)).toEqual([FOO]);
});

test('two runs of takeIncoming() at once move each file once', async () => {
  for (let number = 0; number < 5; number++) {
    const options = { name: 'foo', version: `1.${number}` };
    site.put(`incoming/foo-1.${number}-py3-none-any.whl`, makeWheel(options));
  }
  const [a, b] = await Promise.all([take(), take()]);
  expect([...a.problems, ...a.events, ...b.problems, ...b.events]).toEqual([]);
  expect([...a.moved, ...b.moved]).toHaveLength(5);
  expect(paths()).toHaveLength(5);
});

test.each([
  ['a name', 'Foo-1.0-py3-none-any.whl', { name: 'Foo', version: '1.0' }],
  ['a version', 'foo-1.0.0-py3-none-any.whl', { name: 'foo', version: '1.0.0' }],
  ['a set of tags', 'foo-1.0-py3.py2-none-any.whl', { name: 'foo', version: '1.0', tag: 'py3.py2-none-any' }],
])(
  'takeIncoming() refuses a file that is published under %s spelled differently, with other bytes',
  async (_what, name, options) => {
    const old = name.includes('py2') ? 'foo-1.0-py2.py3-none-any.whl' : FOO;
    const tag = name.includes('py2') ? 'py2.py3-none-any' : 'py3-none-any';
    site.put('kho.toml', OVERWRITE);
    site.put(`glibc/packages/sub/${old}`, makeWheel({ name: 'foo', version: '1.0', tag }));
    site.put(`incoming/${name}`, makeWheel({ ...options, description: 'other' }));
    const { moved, events } = await take();
    expect(moved).toEqual([]);
    expect(events).toMatchObject([
      { code: 'refused', what: expect.stringContaining(`glibc/packages/sub/${old} is the same`) },
    ]);
    expect(bytes(`incoming/refused/${name}.txt`)).toContain(`in the way: glibc/packages/sub/${old}`);
  },
);

test('takeIncoming() refuses an sdist that is published under another spelling, and takes the same bytes', async () => {
  const sdist = makeSdist({ name: 'a-b', version: '1.0' });
  site.put('glibc/packages/a-b-1.0.tar.gz', sdist);
  site.put('incoming/a_b-1.0.tar.gz', makeSdist({ name: 'a-b', version: '1.0', description: 'other' }));
  expect((await take()).events).toMatchObject([{ code: 'refused' }]);
  site.put('incoming/a_b-1.0.tar.gz', sdist);
  expect((await take()).moved).toHaveLength(1);
});

test('takeIncoming() refuses the second of two that came together and stand for one file', async () => {
  site.put('incoming/Foo-1.0-py3-none-any.whl', makeWheel({ name: 'Foo', version: '1.0' }));
  site.put(`incoming/${FOO}`, other);
  const { moved, events } = await take();
  expect([moved.length, events.length]).toEqual([1, 1]);
});

test('takeIncoming() tells what it read of each file that came to its place, once it does not change any more', async () => {
  const known: LearnedFile[] = [];
  const whole: string[] = [];
  const options = { onKnown: (file: LearnedFile) => known.push(file), onWhole: (sha256: string) => whole.push(sha256) };
  site.put(`incoming/${FOO}`, foo);
  site.put('glibc/packages/bar-1.0-py3-none-any.whl', makeWheel({ name: 'bar', version: '1.0' }));
  site.put('incoming/bar-1.0-py3-none-any.whl', makeWheel({ name: 'bar', version: '1.0', description: 'refused' }));
  await take({ ...options, now: Date.now() + 60_000 });
  const file = `glibc/packages/${FOO}`;
  const sha256 = hash('sha256', foo);
  expect(known).toEqual([
    {
      ...{ file, stamp: fileStamp(statSync(join(site.root, file))), isWhole: true },
      facts: expect.objectContaining({ project: 'foo', sha256 }),
      metadataBytes: expect.any(Uint8Array),
    },
  ]);
  expect(whole).toContain(sha256);
  site.put('incoming/baz-1.0-py3-none-any.whl', makeWheel({ name: 'baz', version: '1.0' }));
  const { ctimeMs } = statSync(join(site.root, 'incoming/baz-1.0-py3-none-any.whl'));
  await take({ ...options, now: ctimeMs + 10 }); // written just now: it may change again, and look the same
  expect(known).toHaveLength(1);
});

test('takeIncoming() of a few files looks at no more of packages/ than they meet', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  site.put(`incoming/${FOO}`, other);
  for (const [name, description] of [
    ['New', 'one'],
    ['new', 'two'],
  ] as const)
    site.put(`incoming/${name}-1.0-py3-none-any.whl`, makeWheel({ name, version: '1.0', description }));
  const { moved, events } = await take({ looksUp: true });
  expect(moved.map(({ to }) => to)).toEqual(['glibc/packages/New-1.0-py3-none-any.whl']);
  expect(events.map(({ file }) => file)).toEqual([`incoming/${FOO}`, 'incoming/new-1.0-py3-none-any.whl']);
});

test('takeIncoming() of a few files looks at all of packages/ where nothing else tells what they meet', async () => {
  site.put(`glibc/packages/old/${FOO}`, foo);
  site.put(`incoming/${FOO}`, other);
  expect((await take({ looksUp: true })).events).toHaveLength(1);
});

test('takeIncoming() replaces a side-file that comes alone where kho.toml lets it', async () => {
  site.put('kho.toml', OVERWRITE);
  site.put(`glibc/packages/${FOO}`, foo);
  site.put(`glibc/packages/${FOO}.asc`, 'signature');
  site.put(`incoming/${FOO}.asc`, 'new signature');
  expect((await take()).moved).toHaveLength(1);
  expect(bytes(`glibc/packages/${FOO}.asc`)).toBe('new signature');
});

test('takeIncoming() lets a side-file wait while the one that is there is written', async () => {
  site.put(`glibc/packages/${FOO}`, foo);
  site.put(`incoming/${FOO}.asc`, 'signature');
  const busy = new Set([`glibc/packages/${FOO}.asc`]);
  expect(await take({ busy })).toEqual({ moved: [], problems: [], events: [] });
  expect(paths()).toEqual([`glibc/packages/${FOO}`, `incoming/${FOO}.asc`]);
});

test('takeIncoming() puts no side-file in the place of a folder', async () => {
  site.put(`glibc/packages/${FOO}`, foo);
  mkdirSync(join(site.root, `glibc/packages/${FOO}.asc`));
  site.put(`incoming/${FOO}.asc`, 'signature');
  expect((await take()).problems).toMatchObject([{ code: 'not-moved', hint: 'move that away' }]);
});

test('takeIncoming() takes side-files with the package that they lie beside', async () => {
  site.put(`incoming/a/${FOO}`, foo);
  site.put(`incoming/b/${FOO}`, other);
  site.put(`incoming/b/${FOO}.asc`, 'signature');
  await take();
  expect(paths()).toEqual([
    `glibc/packages/${FOO}`,
    ...['', '.asc', '.txt'].map((ending) => `incoming/refused/${FOO}${ending}`),
  ]);
});

test('takeIncoming() moves over nothing that comes to its place at the last moment', async () => {
  site.put(`incoming/${FOO}`, foo);
  const place = join(site.root, 'glibc/packages', FOO);
  writeHook.before = (kind, path) => {
    if (kind !== 'link' || path !== place) return;
    letWrite();
    writeFileSync(place, 'of somebody else');
  };
  const what = `stays where it is: cannot move it to "${place}": something else came there meanwhile`;
  expect((await take()).problems).toMatchObject([{ code: 'not-moved', what, hint: 'run kho again' }]);
  expect([bytes(`glibc/packages/${FOO}`), paths()[1]]).toEqual(['of somebody else', `incoming/${FOO}`]);
});

test('takeIncoming() brings the content of a file to the disk before it gets its name', async () => {
  site.put(`incoming/${FOO}`, foo);
  const steps: string[] = [];
  writeHook.before = (kind, path) => {
    if (kind === 'flush' || (kind === 'link' && path === join(site.root, 'glibc/packages', FOO))) steps.push(kind);
  };
  await take();
  expect(steps).toEqual(['flush', 'link', 'flush']);
});

test('takeIncoming() removes what dead runs left also where nothing was ever refused', async () => {
  site.put('incoming/.kho-4194305-0123456789ab-0', 'part'); // above any process id of Linux
  await take();
  expect(readdirSync(join(site.root, 'incoming'))).toEqual([]);
});
