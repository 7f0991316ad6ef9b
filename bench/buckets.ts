/**
 * Measures publishing to a bucket beside the same objects put there by the same client without any care, and counts requests. Writes the
 * tables into bench/README.md.
 *
 * `npm run bench:buckets -- [--part first] [--part again] [--files 10000] [--rounds 3] [--dry]`. The store is versitygw, in memory where
 * the machine has a tmpfs.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishSite } from '../src/bucket/publish-site.ts';
import { buildSite } from '../src/build-site.ts';
import { loadSite } from '../src/config/load-config.ts';
import { startVersitygw, type Versitygw } from '../test/support/object-stores/versitygw.ts';
import { rawPuts } from './bucketing/raw-puts.ts';
import { measureInParts, readWords } from './in-parts.ts';
import { cachedCorpus, fileToAdd } from './make-corpus.ts';
import { median } from './measure.ts';
import { table } from './report.ts';

const MARKS = [
  '<!-- buckets: npm run bench:buckets writes what is between here -->',
  '<!-- and here: buckets -->',
] as const;

/** What goes along, and what that is called. */
const PARTS_OF_SITES = [
  ['packages, metadata and simple API', { pages: false, pypi: false, feeds: false }],
  ['all of it', {}],
] as const;

const words = readWords({ files: 10_000, rounds: 3 });
const { files, rounds } = words.numbers;
const memory = process.env['KHO_TEST_MEMORY'] ?? '/dev/shm';
process.env['KHO_TEST_MEMORY'] = memory;
const folder = mkdtempSync(join(tmpdir(), 'kho-bench-buckets-'));
const versitygw = await startVersitygw();
Object.assign(process.env, versitygw.environment);
let buckets = 0;

try {
  await measureInParts({ first, again }, words, MARKS, 'kho and the store share the machine');
} finally {
  await versitygw.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** All of a site, into an empty bucket: kho and its client alone, in turns. */
async function first(): Promise<string> {
  const config = await builtSite('first');
  const rows: string[][] = [];
  for (const [what, settings] of PARTS_OF_SITES) {
    const [kho, raw]: [number[], number[]] = [[], []];
    let objects = 0;
    for (let round = 0; round < rounds; round++) {
      const plain = () => emptyBucket(versitygw).then((address) => rawPuts(config, { address, settings }));
      const push = async () => {
        const report = await publishSite(config, { address: await emptyBucket(versitygw), settings });
        return { seconds: report.durationMs / 1000, objects: report.written };
      };
      const [a, b] = round % 2 === 0 ? [await push(), await plain()] : [await plain(), await push()].reverse();
      kho.push(a!.seconds);
      raw.push(b!.seconds);
      objects = b!.objects;
    }
    const ratios = kho.map((seconds, index) => raw[index]! / seconds);
    rows.push([what, `${objects}`, seconds(raw), seconds(kho), median(ratios).toFixed(2), '0.8']);
  }
  const head = ['a site’s', 'objects', 'raw puts', 'kho', 'of the raw puts’ speed', 'goal: at least'];
  return [`### ${files} files into an empty bucket, ${rounds} rounds`, table(head, rows)].join('\n\n');
}

/** What runs after the first cost, in requests. */
async function again(): Promise<string> {
  const rows: string[][] = [];
  for (const [what, settings] of PARTS_OF_SITES) {
    const name = `again-${rows.length}`;
    const config = await builtSite(name);
    const push = { address: await emptyBucket(versitygw), settings };
    await publishSite(config, push);
    const unchanged = await publishSite(config, push);
    const { filename, bytes } = fileToAdd(files);
    writeFileSync(join(folder, name, 'packages', filename), bytes);
    await buildSite(config);
    const added = await publishSite(config, push);
    rows.push([what, `${unchanged.requests}`, `${added.requests}`, `${added.bytes}`]);
  }
  const head = [
    'a site’s',
    'nothing changed (goal: 1)',
    'one file added (goals: 12, and 30 with all)',
    'bytes sent then',
  ];
  return [`### Requests of a push to a bucket that has ${files} files`, table(head, rows)].join('\n\n');
}

async function builtSite(name: string) {
  const site = join(folder, name);
  mkdirSync(site);
  cpSync(join(cachedCorpus(files), 'packages'), join(site, 'packages'), { recursive: true });
  const { config } = await loadSite(site);
  await buildSite(config);
  return config;
}

async function emptyBucket(store: Versitygw): Promise<string> {
  const name = `bench-${buckets++}`;
  await store.makeBucket(name);
  return `s3://${name}/python`;
}

function seconds(all: readonly number[]): string {
  return `${median([...all]).toFixed(1)} s`;
}
