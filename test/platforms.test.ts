/** What the machines of a repository cannot run is held there, whichever way it came in. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileChange } from '../src/build-report.ts';
import { surveySite } from '../src/build-site.ts';
import { checkSite } from '../src/check/check-site.ts';
import { loadSite } from '../src/config/load-config.ts';
import { chooseTargets, type InstallTarget } from '../src/needs/choose-target.ts';
import { requirementList } from '../src/needs/requirements-file.ts';
import { resolveNeeds } from '../src/needs/resolve-needs.ts';
import { siteSource } from '../src/needs/site-source.ts';
import { MachineFit } from '../src/standards/platforms/machine-fit.ts';
import { type BinaryWheelOptions, binaryWheelFilename, MODULES, makeBinaryWheel } from './support/make-binary-wheel.ts';
import { TestSite } from './support/site.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

function put(folder: string, options: Partial<BinaryWheelOptions>): string {
  const all = { name: 'foo', version: '1.0', module: MODULES.glibc, ...options };
  return site.put(`${folder}/${binaryWheelFilename(all)}`, makeBinaryWheel(all));
}

const held = (problems: { code: string; file: string }[]) => problems.map(({ code, file }) => `${code} ${file}`);
const LINUX = 'foo-1.0-cp311-cp311-linux_x86_64.whl';

test('folders called glibc and musl are kept apart without any settings, and the report says so', async () => {
  put('glibc/packages', { module: MODULES.musl });
  put('glibc/packages', { version: '2.0', module: MODULES.glibc });
  put('musl/packages', { module: MODULES.glibc });
  put('musl/packages', { version: '2.0', module: MODULES.neutral });
  const report = await site.build();
  expect(held(report.problems)).toEqual([
    `wrong-platform glibc/packages/${LINUX}`,
    `wrong-platform musl/packages/${LINUX}`,
  ]);
  expect(report.problems.map(({ hint }) => hint)).toEqual(['move it to musl/packages/', 'move it to glibc/packages/']);
  expect(report.notes).toMatchObject([
    { code: 'platforms-by-name', what: expect.stringContaining('"glibc" takes binaries for glibc only') },
  ]);
  for (const repository of ['glibc', 'musl']) {
    expect(site.listed(repository, 'foo')).toEqual(['foo-2.0-cp311-cp311-linux_x86_64.whl']);
  }
  expect(Object.keys(site.snapshot()).filter((path) => path.endsWith('.metadata'))).toHaveLength(2);
});

test('a change of settings lists and holds files that are as they were; watchers are told', async () => {
  put('farm/packages', { module: MODULES.musl });
  await site.build();
  expect(site.listed('farm', 'foo')).toEqual([LINUX]);
  const uploaded = site.json('farm/simple/foo/index.json').files[0]['upload-time'];

  let changes: FileChange[] = [];
  const onChanges = (all: FileChange[]) => {
    changes = all;
  };
  site.put('kho.toml', '[repositories.farm]\nplatforms = ["glibc"]\n');
  expect(held((await site.build({ onChanges })).problems)).toEqual([`wrong-platform farm/packages/${LINUX}`]);
  expect(changes).toMatchObject([{ became: 'held', problem: { code: 'wrong-platform' } }]);
  expect(
    Object.keys(site.snapshot()).filter((path) => path.includes('simple/foo') || path.endsWith('.metadata')),
  ).toEqual([]);
  expect(held((await site.build({ onChanges })).problems)).toEqual([`wrong-platform farm/packages/${LINUX}`]);
  expect(changes).toEqual([]);

  site.put('kho.toml', '[repositories.farm]\nplatforms = ["glibc", "musl"]\n');
  expect((await site.build({ onChanges })).problems).toEqual([]);
  expect(changes).toMatchObject([{ became: 'listed', project: 'foo' }]);
  expect(site.json('farm/simple/foo/index.json').files[0]['upload-time']).toBe(uploaded);
});

test('a held file is neither served as a copy nor given metadata, and comes back with other bytes without a word', async () => {
  put('musl/packages', { module: MODULES.glibc });
  const out = new TestSite();
  await site.build({ out: out.root });
  expect(Object.keys(out.snapshot()).filter((path) => path.includes('foo'))).toEqual([]);
  out.close();
  await site.build();
  put('musl/packages', { module: MODULES.musl });
  const { problems, notes } = await site.build();
  expect(problems).toEqual([]);
  expect(notes.map(({ code }) => code)).toEqual(['platforms-by-name']); // it was never published: not `replaced`
  expect(site.listed('musl', 'foo')).toEqual([LINUX]);
});

test('floors are for one repository; a name that lies is held in all', async () => {
  site.put('kho.toml', '[repositories.old]\nglibc = { armv7l = "2.24" }\n[repositories.new]\nglibc = "2.31"\n');
  for (const repository of ['old', 'new']) {
    put(`${repository}/packages`, { module: MODULES.armhf, platform: 'linux_armv7l' });
    put(`${repository}/packages`, { module: MODULES.aarch64, platform: 'linux_armv7l', version: '2.0' });
    put(`${repository}/packages`, { module: MODULES.musl, platform: 'manylinux_2_17_x86_64', version: '3.0' });
  }
  const { problems } = await site.build();
  expect(held(problems)).toEqual([
    'lying-tag new/packages/foo-2.0-cp311-cp311-linux_armv7l.whl',
    'lying-tag new/packages/foo-3.0-cp311-cp311-manylinux_2_17_x86_64.whl',
    'needs-newer-libc old/packages/foo-1.0-cp311-cp311-linux_armv7l.whl',
    'lying-tag old/packages/foo-2.0-cp311-cp311-linux_armv7l.whl',
    'lying-tag old/packages/foo-3.0-cp311-cp311-manylinux_2_17_x86_64.whl',
  ]);
});

test('what does not fit is not taken from includes, without a word', async () => {
  site.put(
    'kho.toml',
    '[repositories]\narmhf.include = ["all"]\nmusl.include = ["all"]\nall = { platforms = ["glibc", "musl"], include = ["common"] }\n',
  );
  put('all/packages', { module: MODULES.glibc });
  put('all/packages', { module: MODULES.armhf, platform: 'linux_armv7l' });
  put('all/packages', { module: MODULES.musl, platform: 'musllinux_1_2_x86_64' });
  site.wheel('common', { name: 'foo', version: '1.0' });
  site.put('musl/packages/.keep', '');
  const { problems, notes } = await site.build();
  expect([problems, notes]).toEqual([[], []]);
  expect(site.listed('musl', 'foo')).toEqual([
    'foo-1.0-cp311-cp311-musllinux_1_2_x86_64.whl',
    'foo-1.0-py3-none-any.whl',
  ]);
  expect(site.listed('armhf', 'foo')).toEqual(['foo-1.0-cp311-cp311-linux_armv7l.whl', 'foo-1.0-py3-none-any.whl']);
});

test('a repository that takes anything is warned of pairs that machines cannot tell apart', async () => {
  put('mixed/packages', { module: MODULES.glibc });
  put('mixed/packages', { module: MODULES.musl, build: '1' });
  const { problems } = await site.build();
  expect(problems).toMatchObject([{ code: 'libc-mixed', file: 'mixed/packages' }]);
  expect(problems[0]?.what).toContain(`${LINUX} (glibc) and foo-1.0-1-cp311-cp311-linux_x86_64.whl (musl)`);
  expect((await site.build()).problems).toEqual(problems);
  expect(site.listed('mixed', 'foo')).toHaveLength(2);
});

test('kho list and kho show know why a file is held', async () => {
  const file = put('musl/packages', { module: MODULES.glibc });
  const { config } = await loadSite(site.root);
  const survey = await surveySite(config);
  expect(held(survey.problems)).toEqual([`wrong-platform ${file}`]);
  expect(survey.catalogs).toMatchObject([{ repository: 'musl', projects: [] }]);
});

test('kho missing finds held files for those machines that they would do for, whatever their names say and wherever they lie', async () => {
  put('glibc/packages', { platform: 'linux_amd64' });
  put('armhf/packages', { name: 'bar', module: MODULES.musl, platform: 'musllinux_1_2_x86_64' });
  site.put('musl/packages/.keep', '');
  const { config } = await loadSite(site.root);
  const { catalogs } = await surveySite(config);
  const needs = [requirementList(['foo', 'bar'])];
  const heldOn = async (platform: string) => {
    const [target] = chooseTargets(config, catalogs, { for: [platform], python: ['3.11'], repositoryOption: '' });
    const { machine, catalog } = target as InstallTarget;
    const { projects } = await resolveNeeds(needs, new MachineFit(machine), siteSource(catalog, config));
    return projects.flatMap(({ held: file }) => (file ? `${file.code} ${file.file}` : []));
  };
  expect(await heldOn('glibc-x86_64')).toEqual(['unknown-tag glibc/packages/foo-1.0-cp311-cp311-linux_amd64.whl']);
  expect(await heldOn('musl-x86_64')).toEqual([
    'wrong-platform armhf/packages/bar-1.0-cp311-cp311-musllinux_1_2_x86_64.whl',
  ]);
  expect(await heldOn('armhf')).toEqual([]);
});

test('the page of a project tells held files by what is in them, and kho check agrees', async () => {
  put('musl/packages', { module: MODULES.musl, platform: 'musllinux_1_2_x86_64' });
  put('musl/packages', { version: '2.0', module: MODULES.musl, platform: 'manylinux_2_17_x86_64' });
  await site.build();
  const row = /<tr>(?:(?!<\/tr>).)*2\.0.*?<\/tr>/s.exec(site.read('musl/project/foo/index.html'))?.[0];
  expect(row).toContain('held');
  const { config } = await loadSite(site.root);
  expect(await checkSite(config, await surveySite(config))).toEqual([]);
});
