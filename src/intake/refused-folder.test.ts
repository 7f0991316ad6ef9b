/** incoming/refused/: what lies there is never taken up again, and what stands in its place is not followed. */
import { appendFileSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWheel } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { loadSite } from '../config/load-config.ts';
import { writeHook } from '../io/disk.ts';
import { takeIncoming } from './take-incoming.ts';
import type { TakeOptions } from './taking-run.ts';

const FOO = 'foo-1.0-py3-none-any.whl';
const foo = makeWheel({ name: 'foo', version: '1.0' });
const other = makeWheel({ name: 'foo', version: '1.0', description: 'other bytes' });

let site: TestSite;
let outside: TestSite;
beforeEach(() => {
  [site, outside] = [new TestSite(), new TestSite()];
  mkdirSync(join(site.root, 'glibc/packages'), { recursive: true });
});
afterEach(() => {
  site.close();
  outside.close();
});

async function take(options: Partial<TakeOptions> = {}) {
  const { config } = await loadSite(site.root);
  return takeIncoming(config, { now: Date.now(), ...options });
}
const refused = () => readdirSync(join(site.root, 'incoming/refused')).sort();

test('takeIncoming() takes nothing up that was refused', async () => {
  site.put(`incoming/refused/${FOO}`, foo);
  site.put(`incoming/refused/sub/${FOO}`, foo);
  expect(await take()).toEqual({ moved: [], problems: [], events: [] });
  expect(readdirSync(join(site.root, 'glibc/packages'))).toEqual([]);
});

test('takeIncoming() puts nothing behind a link in the place of refused/', async () => {
  site.put(`glibc/packages/${FOO}`, foo);
  site.put(`incoming/${FOO}`, other);
  symlinkSync(outside.root, join(site.root, 'incoming/refused'));
  const { problems } = await take();
  const what = expect.stringContaining('it is no folder');
  expect(problems).toMatchObject([{ code: 'not-moved', what, hint: 'move it away' }]);
  expect(readdirSync(outside.root)).toEqual([]);
  expect(readdirSync(join(site.root, 'incoming')).sort()).toEqual([FOO, 'refused']);
});

test('takeIncoming() puts what it refuses beside a folder that has its name', async () => {
  site.put(`glibc/packages/${FOO}`, foo);
  site.put(`incoming/${FOO}`, other);
  mkdirSync(join(site.root, 'incoming/refused', FOO), { recursive: true });
  expect((await take()).problems).toEqual([]);
  expect(readdirSync(join(site.root, 'incoming/refused')).sort()).toEqual([FOO, `${FOO}.2`, `${FOO}.2.txt`]);
});

test('takeIncoming() writes over nothing that comes to refused/ meanwhile', async () => {
  site.put(`glibc/packages/${FOO}`, foo);
  site.put(`incoming/${FOO}`, other);
  mkdirSync(join(site.root, 'incoming/refused'));
  writeHook.before = (_kind, path) => {
    if (!path.endsWith(`refused/${FOO}`)) return;
    letWrite();
    site.put(`incoming/refused/${FOO}`, 'of somebody else');
  };
  expect((await take()).problems).toMatchObject([{ code: 'not-moved' }]);
  expect([site.read(`incoming/refused/${FOO}`), site.read(`incoming/${FOO}`)]).toEqual([
    'of somebody else',
    Buffer.from(other).toString(),
  ]);
});

test('takeIncoming() says of a wheel that no machine takes first that those of its kind are too old', async () => {
  mkdirSync(join(site.root, 'alpine/packages'), { recursive: true });
  site.put(
    'kho.toml',
    '[repositories]\nalpine.platforms = ["musl"]\nglibc = { platforms = ["glibc-x86_64"], glibc = "2.31" }\n',
  );
  const tag = 'cp311-cp311-manylinux_2_34_x86_64';
  site.put(`incoming/foo-1.0-${tag}.whl`, makeWheel({ name: 'foo', version: '1.0', tag }));
  const what = expect.stringContaining('it needs glibc 2.34, and "glibc" serves machines that have 2.31');
  expect((await take()).events).toMatchObject([{ code: 'refused', what }]);
});

test('takeIncoming() says what is in the way, and the way out', async () => {
  site.put(`glibc/packages/${FOO}`, foo);
  site.put(`incoming/${FOO}`, other);
  site.put('incoming/Foo-1.0-py3-none-any.whl', makeWheel({ name: 'Foo', version: '1.0', description: 'a twin' }));
  expect((await take()).events).toEqual([
    {
      code: 'refused',
      file: 'incoming/Foo-1.0-py3-none-any.whl',
      what: `was moved to incoming/refused/Foo-1.0-py3-none-any.whl: glibc/packages/${FOO} is the same file of its release, spelled differently and with other bytes`,
      hint: 'build it with a new version or build number',
    },
    {
      code: 'refused',
      file: `incoming/${FOO}`,
      what: `was moved to incoming/refused/${FOO}: glibc/packages/${FOO} holds other bytes under this name`,
      hint: 'build it with a new version or build number, or set overwrite = true for this repository in kho.toml',
    },
  ]);
});

test('takeIncoming() tells who asks of what is in the way, instead of moving the file', async () => {
  site.put(`glibc/packages/${FOO}`, foo);
  site.put(`incoming/${FOO}`, other);
  const told: string[][] = [];
  const taken = await take({
    onTaken: ({ file }, inTheWay) => told.push([file, ...inTheWay.map((each) => each.file)]),
  });
  expect(told).toEqual([[`incoming/${FOO}`, `glibc/packages/${FOO}`]]);
  expect(taken).toEqual({ moved: [], problems: [], events: [] });
  expect(readdirSync(join(site.root, 'incoming'))).toEqual([FOO]);
});

test('takeIncoming() leaves a side-file that is written to when its package is refused', async () => {
  site.put(`glibc/packages/${FOO}`, foo);
  site.put(`incoming/${FOO}`, other);
  site.put(`incoming/${FOO}.asc`, 'signat');
  writeHook.before = () => {
    letWrite();
    appendFileSync(join(site.root, `incoming/${FOO}.asc`), 'ure');
  };
  expect((await take()).events).toMatchObject([{ code: 'refused' }]);
  expect([refused(), readdirSync(join(site.root, 'incoming')).sort()]).toEqual([
    [FOO, `${FOO}.txt`],
    [`${FOO}.asc`, 'refused'],
  ]);
});

test('takeIncoming() keeps each signature of a refused file: the same one once, another one where it came', async () => {
  site.put(`glibc/packages/${FOO}`, foo);
  const drop = (signature: string) => {
    site.put(`incoming/${FOO}`, other);
    site.put(`incoming/${FOO}.asc`, signature);
    return take();
  };
  for (const signature of ['one', 'one', 'two']) await drop(signature);
  expect(refused()).toEqual([FOO, `${FOO}.asc`, `${FOO}.txt`]);
  expect(site.read(`incoming/refused/${FOO}.asc`)).toBe('one');
  expect(site.read(`incoming/${FOO}.asc`)).toBe('two');
});

test.each([
  ['the same', 'signature', [FOO, `${FOO}.asc`, `${FOO}.txt`]],
  ['another', 'other', [`${FOO}.2`, `${FOO}.2.asc`, `${FOO}.2.txt`, `${FOO}.asc`]],
])('takeIncoming() refuses a file beside %s signature that stands there alone', async (_what, there, expected) => {
  site.put(`glibc/packages/${FOO}`, foo);
  site.put(`incoming/refused/${FOO}.asc`, there);
  site.put(`incoming/${FOO}`, other);
  site.put(`incoming/${FOO}.asc`, 'signature');
  await take();
  expect(refused()).toEqual(expected);
  expect(site.read(`incoming/refused/${FOO}.asc`)).toBe(there);
});
