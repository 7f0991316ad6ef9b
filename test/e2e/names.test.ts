/** Own names stay here: what a public index sees of them, through all commands that could ask it. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { clientEnvironment } from '../support/client-environment.ts';
import { makeWheel, type WheelOptions, wheelFilename } from '../support/make-package.ts';
import { runProgram } from '../support/run-program.ts';
import { ScriptedServer } from '../support/scripted-server.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';

const MUSL = 'cp311-cp311-musllinux_1_2_x86_64';
const GLIBC = 'cp311-cp311-manylinux_2_17_x86_64';
const SETTINGS = `own = ["agri-*"]
[repositories.glibc]
platforms = ["glibc-x86_64"]
[repositories.musl]
platforms = ["musl-x86_64"]
`;
const NUMPY: WheelOptions = { name: 'numpy', version: '2.0', tag: GLIBC };
/** Of the public index, whose names are those of the team as well. */
const PUBLIC: WheelOptions[] = [
  NUMPY,
  { name: 'numpy', version: '2.0', tag: MUSL },
  { name: 'farm-core', version: '99.0' },
  { name: 'grown', version: '2.0' },
  { name: 'other', version: '1.0', metadata: ['Requires-Dist: farm-core', 'Requires-Dist: agri-new'] },
];

const client = clientEnvironment();
let server: ScriptedServer;
let site: TestSite;
beforeAll(async () => {
  server = await ScriptedServer.start();
  for (const name of new Set(PUBLIC.map((wheel) => wheel.name))) {
    const wheels = PUBLIC.filter((wheel) => wheel.name === name);
    const files = wheels.map((wheel) => {
      const bytes = makeWheel(wheel);
      server.file(`/files/${wheelFilename(wheel)}`, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return {
        filename: wheelFilename(wheel),
        url: `/files/${wheelFilename(wheel)}`,
        hashes: { sha256 },
        size: bytes.length,
      };
    });
    const page = JSON.stringify({ meta: { 'api-version': '1.1' }, name, files });
    server.page(`/simple/${name}/`, page, 'application/vnd.pypi.simple.v1+json');
  }
});
afterAll(() => {
  server.stop();
  rmSync(client.home, { recursive: true, force: true });
  site?.close();
});
beforeEach(() => {
  site?.close();
  site = new TestSite(mkdtempSync(join(tmpdir(), 'kho-names-')));
  for (const folder of ['glibc', 'musl']) site.put(`${folder}/packages/.keep`, '');
  server.requests.length = 0;
});

const kho = (...words: string[]) =>
  runProgram(process.execPath, [KHO, ...words], { env: { ...client.env, PATH: process.env['PATH'] } });
const from = () => ['--from', server.url('/simple/').href];
const fetch = (...needs: string[]) =>
  kho(
    'fetch',
    site.root,
    ...needs.flatMap((need) => ['--need', need]),
    '--for',
    'musl-x86_64',
    '--python',
    '3.11',
    ...from(),
  );
/** Names that the index was asked for, each once. */
const asked = () =>
  [...new Set(server.requests.map(({ path }) => path.split('/')[2]))].filter((name) => !name?.endsWith('.whl'));

test('kho fetch asks for no own name: of kho.toml, of files, of dependencies, of files that are gone', async () => {
  site.put('kho.toml', SETTINGS);
  site.wheel('glibc', { name: 'farm-core', version: '1.0', tag: GLIBC });
  const path = site.wheel('glibc', { name: 'grown', version: '1.0', tag: GLIBC });
  expect(await kho('build', site.root)).toMatchObject({ exitCode: 0, stderr: '' });
  site.remove(path, '.kho');
  expect(await kho('build', site.root)).toMatchObject({ exitCode: 0, stderr: '' });

  const { exitCode, stdout, stderr } = await fetch('other', 'grown', 'agri-secret');
  expect([exitCode, asked()]).toEqual([1, ['other']]);
  expect(stdout).toContain('other-1.0-py3-none-any.whl');
  expect(stderr).toContain(
    '2 names are not decided, and count as your own, so no other index was asked: farm-core, grown',
  );
});

test('kho names --ask-upstream tells public names from own ones, and kho fetch goes by that', async () => {
  site.put('kho.toml', SETTINGS);
  site.put(`glibc/packages/${wheelFilename(NUMPY)}`, makeWheel(NUMPY));
  site.wheel('glibc', { name: 'farm-core', version: '1.0' });
  site.wheel('glibc', { name: 'private', version: '1.0' });
  site.wheel('glibc', { name: 'agri-secret', version: '1.0' });
  await kho('build', site.root);
  expect((await fetch('numpy')).stderr).toContain('1 name is not decided');
  expect(asked()).toEqual([]);

  const { exitCode, stdout } = await kho('names', '--site', site.root, '--ask-upstream', ...from());
  expect([exitCode, asked().sort()]).toEqual([0, ['farm-core', 'numpy', 'private']]);
  expect(stdout).toContain("numpy: public, and the file is the same: it is that index's from now on");
  expect(stdout).toContain('farm-core: a public project has this name, and none of your 1 file');
  expect(stdout).toContain('own = ["agri-*","private"]');
  expect(stdout).toContain('"kho names own NAME" or "kho names shared NAME": farm-core');

  const { stderr } = await fetch('numpy');
  expect(stderr).toContain('1 new file');
  server.requests.length = 0;
  expect((await kho('names', 'shared', '--site', site.root, 'Farm_Core')).stdout).toMatch(
    /^NAME.*\nfarm-core +shared +kho names +1\n$/,
  );
  await fetch('farm-core>=2');
  expect(asked()).toEqual(['farm-core']);
  await kho('names', 'own', '--site', site.root, 'farm-core');
  server.requests.length = 0;
  await fetch('farm-core>=2');
  expect(asked()).toEqual([]);
  const listed = JSON.parse((await kho('names', '--site', site.root, '--json')).stdout);
  expect(listed.names).toEqual([
    { name: 'agri-secret', origin: 'own', files: 1, decidedBy: 'kho.toml' },
    { name: 'farm-core', origin: 'own', files: 3, decidedBy: 'decision' },
    { name: 'numpy', origin: 'upstream', files: 2 },
    { name: 'private', origin: 'own', files: 1 },
  ]);
});

test('of 1,000 own names and 50 that look like them none reaches the index', async () => {
  site.put('kho.toml', SETTINGS);
  for (let number = 0; number < 500; number++)
    site.wheel('musl', { name: `farm-${number}`, version: '1.0', tag: GLIBC });
  await kho('build', site.root, '--quiet');
  const needs = [
    ...Array.from({ length: 500 }, (_, number) => `farm-${number}>=2`),
    ...Array.from({ length: 500 }, (_, number) => `agri-${number}`),
    ...Array.from({ length: 50 }, (_, number) => (number % 2 ? `Farm_.${number}` : `AGRI--${number}`)),
  ];
  site.put('needs.txt', needs.join('\n'));
  const words = ['-r', join(site.root, 'needs.txt'), '--for', 'musl-x86_64', '--python', '3.11'];
  await kho('fetch', site.root, ...words, ...from());
  await kho('fetch', site.root, ...words, ...from(), '--dry-run');
  await kho('missing', site.root, ...words);
  expect(server.requests).toEqual([]);
});

test('kho fetch stops where what is remembered of names is damaged', async () => {
  site.wheel('glibc', { name: 'farm-core', version: '1.0' });
  await kho('build', site.root);
  site.put('.kho-keep/names', site.read('.kho-keep/names').replace('farm-core', 'farm-cor'));
  expect(await fetch('numpy')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('1 of its lines are damaged'),
  });
  expect(server.requests).toEqual([]);
});
