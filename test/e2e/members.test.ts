/** Real wheels that come as members of older ones, and ranges: the same bytes, and few of them over the line. `npm run bench:members` does 200 of them. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readMetadata } from '../../src/inspect/inspect-file.ts';
import { clientEnvironment } from '../support/client-environment.ts';
import { type CorpusFile, copyTo, corpus } from '../support/corpus.ts';
import { runProgram } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';
import { UpstreamIndex } from '../support/upstream-index.ts';

let upstream: UpstreamIndex;
let site: TestSite;
const client = clientEnvironment();
beforeAll(async () => {
  upstream = await UpstreamIndex.start();
});
afterAll(() => {
  upstream.stop();
  rmSync(client.home, { recursive: true, force: true });
});
beforeEach(() => {
  site = new TestSite();
  return () => site.close();
});

const MUSL = 'musllinux_1_2';
/** @param crosses percent of it, at most */
const PAIRS: [older: string, newer: string, machine: string, python: string, crosses: number][] = [
  [
    `tornado-6.6-cp314-cp314t-${MUSL}_aarch64.whl`,
    `tornado-6.6-cp311-abi3-${MUSL}_x86_64.whl`,
    'musl-x86_64',
    '3.14',
    10,
  ],
  [
    `coverage-7.17.3-cp314-cp314t-manylinux2014_aarch64.manylinux_2_17_aarch64.manylinux_2_28_aarch64.whl`,
    `coverage-7.17.3-cp314-cp314-${MUSL}_x86_64.whl`,
    'musl-x86_64',
    '3.14',
    30,
  ],
  [
    `coverage-7.17.4-cp311-cp311-${MUSL}_ppc64le.whl`,
    `coverage-7.17.4-cp315-cp315-${MUSL}_aarch64.whl`,
    'musl-aarch64',
    '3.15',
    30,
  ],
  [
    `levenshtein-0.27.5-cp314-cp314t-${MUSL}_armv7l.whl`,
    `levenshtein-0.27.5-cp313-cp313-${MUSL}_armv7l.whl`,
    'musl-armv7l',
    '3.13',
    25,
  ],
  [
    `orjson-3.10.14-cp311-cp311-${MUSL}_armv7l.whl`,
    `orjson-3.10.18-cp311-cp311-${MUSL}_armv7l.whl`,
    'musl-armv7l',
    '3.11',
    102,
  ],
];

/** In either list. */
async function realFiles(names: string[]): Promise<CorpusFile[]> {
  const found = names.map(
    async (name) => (await corpus([name], name.startsWith('orjson-3.10.18') ? 'corpus.txt' : 'binary-corpus.txt'))[0]!,
  );
  return Promise.all(found);
}

test.each(PAIRS)('kho fetch beside %s brings %s for %s, Python %s', async (older, newer, machine, python, crosses) => {
  const [old, wanted] = (await realFiles([older, newer])) as [CorpusFile, CorpusFile];
  const bytes = readFileSync(wanted.path);
  upstream.file(wanted.project, newer, bytes, (await readMetadata(wanted.path)).metadataBytes);
  const packages = join(site.root, 'wheels/packages');
  mkdirSync(packages, { recursive: true });
  await copyTo(packages, [old]);
  site.put('kho.toml', `shared = ["${wanted.project}"]\n`);
  const before = upstream.server.requests.length;
  const version = newer.split('-')[1];
  const words = ['fetch', site.root, '--need', `${wanted.project}==${version}`, '--for', machine, '--python', python];
  const run = await runProgram(process.execPath, [KHO, ...words, '--to', 'wheels', '--from', upstream.url], {
    env: { ...client.env, PATH: process.env['PATH'] },
  });
  expect(readdirSync(packages), run.stderr).toContain(newer);
  expect(readFileSync(join(packages, newer)).equals(bytes)).toBe(true);
  const asked = upstream.server.requests.slice(before).filter(({ path }) => path === `/files/${newer}`);
  expect(
    askedBytes(
      asked.map(({ headers }) => headers.range),
      bytes.length,
    ),
  ).toBeLessThan((bytes.length * crosses) / 100);
  if (crosses < 100) expect(run.stderr).toContain('were here, in older wheels, and did not come over the line');
});

function askedBytes(ranges: (string | undefined)[], size: number): number {
  return ranges.reduce((sum, range) => {
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    return sum + (to === '' ? size : Number(to) + 1) - Number(from);
  }, 0);
}
