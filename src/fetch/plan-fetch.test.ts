import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { surveySite } from '../build-site.ts';
import { loadSite } from '../config/load-config.ts';
import { chooseTargets } from '../needs/choose-target.ts';
import { readRequirementsFile } from '../needs/requirements-file.ts';
import { parseMetadata } from '../standards/metadata.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';
import { packagesOf, planFetch } from './plan-fetch.ts';
import type { UpstreamCandidate } from './read-index-page.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  site.wheel('common', { name: 'ours', version: '1.0' });
  site.wheel('glibc', { name: 'ours', version: '1.0', tag: 'cp311-cp311-manylinux_2_17_x86_64' });
  site.put(
    'kho.toml',
    '[repositories]\ncommon.platforms = []\nglibc = { platforms = ["glibc-x86_64"], include = ["common"] }\n',
  );
});
afterEach(() => site.close());

function upstreamFile(filename: string, more: Partial<UpstreamCandidate> = {}): UpstreamCandidate {
  const wheel = filename.endsWith('.whl') ? { wheel: parseWheelFilename(filename) } : {};
  const version = /-([\d.]+?)(?:-|\.tar)/.exec(filename)?.[1] ?? '';
  const url = new URL(`https://index.example/${filename}`);
  return { origin: 'upstream', filename, version, url, isYanked: false, ...wheel, ...more };
}

interface Asked {
  requirements: string[];
  there: UpstreamCandidate[];
  sdists?: boolean;
  platforms?: string[];
}

async function plan({ requirements, there, sdists = false, platforms = ['glibc-x86_64'] }: Asked) {
  const { config } = await loadSite(site.root);
  const { catalogs } = await surveySite(config);
  const targets = chooseTargets(config, catalogs, { for: platforms, python: ['3.11'], repositoryOption: '--to' });
  const upstream = {
    candidates: async (name: string) => there.filter(({ filename }) => filename.startsWith(`${name}-`)),
    metadata: async ({ filename, version }: UpstreamCandidate) =>
      parseMetadata(Buffer.from(`Metadata-Version: 2.1\nName: ${filename.split('-')[0]}\nVersion: ${version}\n`)),
  };
  const text = requirements.join('\n');
  const needs = readRequirementsFile('r.txt', { read: () => text, resolve: (path) => path, variable: () => undefined });
  return planFetch({ needs: [needs], targets, config, upstream, sdists });
}
const shown = ({ files }: Awaited<ReturnType<typeof plan>>) =>
  files.map(({ file: { filename }, into, isHeld }) => [filename, into.join(' '), isHeld]);

const BINARY = 'bin-1.0-cp311-cp311-manylinux_2_17_x86_64.whl';

test('planFetch() brings what is not there: pure wheels where all find them, others where their machines look', async () => {
  const there = [
    upstreamFile('new-1.0-py3-none-any.whl'),
    upstreamFile(BINARY),
    upstreamFile('ours-2.0-py3-none-any.whl'),
  ];
  const planned = await plan({ requirements: ['ours', 'new', 'bin'], there });
  expect(shown(planned)).toEqual([
    [BINARY, 'glibc', false],
    ['new-1.0-py3-none-any.whl', 'common', false],
  ]);
  expect(planned.files.map(({ project }) => project)).toEqual(['bin', 'new']);
  expect(planned.reports).toMatchObject([{ platform: 'glibc-x86_64', python: '3.11', repository: 'glibc' }]);
  expect(planned.reports[0]?.resolution.projects.map(({ name }) => name)).toEqual(['bin', 'new', 'ours']);
});

test('planFetch() brings sdists only where that is wanted', async () => {
  const there = [upstreamFile('new-1.0.tar.gz')];
  expect(shown(await plan({ requirements: ['new'], there }))).toEqual([]);
  expect(shown(await plan({ requirements: ['new'], there, sdists: true }))).toEqual([
    ['new-1.0.tar.gz', 'common', false],
  ]);
});

test('planFetch() brings once what several machines need, to each repository that serves them', async () => {
  const both = 'both-1.0-cp311-cp311-manylinux_2_17_x86_64.musllinux_1_1_x86_64.whl';
  site.wheel('alpine', { name: 'ours', version: '1.0' });
  site.put('kho.toml', `${site.read('kho.toml')}alpine.platforms = ["musl-x86_64"]\n`);
  const there = [upstreamFile(both), upstreamFile('new-1.0-py3-none-any.whl')];
  const planned = await plan({ requirements: ['both', 'new'], there, platforms: ['glibc-x86_64', 'musl-x86_64'] });
  expect(shown(planned)).toEqual([
    [both, 'alpine glibc', false],
    ['new-1.0-py3-none-any.whl', 'alpine common', false],
  ]);
});

test('planFetch() tells of a file that lies there and is held', async () => {
  const filename = 'new-1.0-py3-none-any.whl';
  site.put(`common/packages/${filename}`, 'no wheel');
  expect(shown(await plan({ requirements: ['new'], there: [upstreamFile(filename)] }))).toEqual([
    [filename, 'common', true],
  ]);
});

test('planFetch() brings only what a lock allows, also where the index names no hash', async () => {
  const sha256 = 'a'.repeat(64);
  const requirements = [`new==1.0 --hash=sha256:${sha256}`];
  const [planned] = (await plan({ requirements, there: [upstreamFile('new-1.0-py3-none-any.whl')] })).files;
  expect(planned?.file.allowedSha256s).toEqual(new Set([sha256]));
  const [named] = (await plan({ requirements, there: [upstreamFile('new-1.0-py3-none-any.whl', { sha256 })] })).files;
  expect(named?.file.allowedSha256s).toBeUndefined();
});

test('packagesOf() is the folder that is there, or that will be', async () => {
  const { config } = await loadSite(site.root);
  expect(['glibc', 'team'].map((name) => packagesOf(name, config).slice(site.root.length))).toEqual([
    '/glibc/packages',
    '/team/packages',
  ]);
});
