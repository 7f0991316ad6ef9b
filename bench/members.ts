/**
 * Measures how much of a new wheel has to cross the line where the one before it is there, for some 200 pairs of real ones; and sees that what
 * comes out has the same sha256, in whatever form the new one is zipped. Writes the table into bench/README.md.
 *
 * `npm run bench:members -- [--pairs N] [--dry]`
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpClient } from '../src/fetch/http-client.ts';
import { assembleFromOlder } from '../src/fetch/members/assemble-from-older.ts';
import type { UpstreamCandidate } from '../src/fetch/read-index-page.ts';
import { findUpstream } from '../src/fetch/upstream-address.ts';
import { upstreamSource } from '../src/fetch/upstream-source.ts';
import { PartFile } from '../src/io/part-file.ts';
import { normalizeName } from '../src/standards/name.ts';
import { compareVersions, isPrerelease } from '../src/standards/version.ts';
import { runOrThrow } from '../test/support/run-program.ts';
import { ScriptedServer } from '../test/support/scripted-server.ts';
import { CACHE_DIR } from '../test/support/tools.ts';
import { measureInParts, readWords } from './in-parts.ts';
import { table } from './report.ts';

const MARKS = [
  '<!-- members: npm run bench:members writes what is between here -->',
  '<!-- and here: members -->',
] as const;
/** In bytes: smaller ones come whole, and larger ones take long to bring. */
const SIZES = { least: 256 * 1024, most: 3_000_000 } as const;
const PAIRS_OF_A_PROJECT = 4;
/** Each so many pairs, the new one is zipped anew in each of these forms too. */
const FORMS = { names: ['prefixed', 'zip64', 'descriptors'], each: 10 } as const;
/** For which machines, in the order of preference: a project is measured by the first that has enough. */
const TAGS = [
  /-py3-none-any\.whl$/,
  /-cp312-cp312-manylinux.*x86_64/,
  /-cp311-cp311-musllinux.*aarch64/,
  /-abi3-manylinux.*x86_64/,
];

interface Pair {
  project: string;
  isPure: boolean;
  older: UpstreamCandidate;
  newer: UpstreamCandidate;
}
interface PairOutcome extends Pair {
  form: string;
  bytes: number;
  crossed: number;
  requests: number;
  is: string;
}

const words = readWords({ pairs: 200 });
const cache = join(CACHE_DIR, 'members');
const folder = mkdtempSync(join(tmpdir(), 'kho-bench-members-'));
const client = new HttpClient();

async function main(): Promise<void> {
  mkdirSync(cache, { recursive: true });
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  await measureInParts({ members: measure }, words, MARKS, 'one thread is at work');
  await client.close();
}

async function measure(): Promise<string> {
  const server = await ScriptedServer.start();
  const outcomes: PairOutcome[] = [];
  try {
    for (const [index, pair] of (await findPairs()).entries()) {
      const older = await cached(pair.older);
      const newer = await cached(pair.newer);
      outcomes.push(await assembled(pair, older, readFileSync(newer), 'as it is', server));
      if (index % FORMS.each > 0) continue;
      for (const form of FORMS.names) {
        const anew = join(folder, 'anew.whl');
        await runOrThrow('python3', [join(import.meta.dirname, 'rewrite_zip.py'), form, newer, anew]);
        outcomes.push(await assembled(pair, older, readFileSync(anew), form, server));
      }
    }
  } finally {
    server.stop();
  }
  return report(outcomes);
}

async function findPairs(): Promise<Pair[]> {
  const upstream = upstreamSource(findUpstream(undefined, undefined).url, client);
  const names = readFileSync(join(import.meta.dirname, 'members.txt'), 'utf8').split('\n');
  const pairs: Pair[] = [];
  for (const name of names.filter((line) => line !== '' && !line.startsWith('#'))) {
    if (pairs.length >= words.numbers.pairs) break;
    pairs.push(...pairsOf(name, await upstream.candidates(normalizeName(name))));
  }
  return pairs.slice(0, words.numbers.pairs);
}

function pairsOf(project: string, files: readonly UpstreamCandidate[]): Pair[] {
  const usable = files.filter(({ size = 0, sha256 }) => sha256 && size >= SIZES.least && size <= SIZES.most);
  for (const tag of TAGS) {
    const ofTag = usable.filter(({ filename, version }) => tag.test(filename) && !isPrerelease(version));
    const byVersion = [...new Map(ofTag.map((file) => [file.version, file])).values()];
    const newest = byVersion.sort((a, b) => compareVersions(b.version, a.version)).slice(0, PAIRS_OF_A_PROJECT + 1);
    if (newest.length < 2) continue;
    const isPure = tag === TAGS[0];
    return newest
      .slice(1)
      .map((older, index) => ({ project, isPure, older, newer: newest[index] as UpstreamCandidate }));
  }
  return [];
}

async function cached({ filename, url, sha256, size = 0 }: UpstreamCandidate): Promise<string> {
  const path = join(cache, filename);
  if (existsSync(path)) return path;
  const { bytes } = await client.getWhole(url, size);
  if (sha256Of(bytes) !== sha256) throw new Error(`${filename} is not what the index names`);
  writeFileSync(path, bytes);
  return path;
}

async function assembled(
  pair: Pair,
  older: string,
  bytes: Buffer,
  form: string,
  server: ScriptedServer,
): Promise<PairOutcome> {
  const path = '/new.whl';
  server.file(path, bytes);
  const partPath = join(folder, '.part');
  const part = await PartFile.open(partPath);
  const before = server.requests.length;
  try {
    const file = { url: server.url(path), size: bytes.length, sha256: sha256Of(bytes) };
    const { is, crossed } = await assembleFromOlder({ file, older: () => [older], part, client });
    const requests = server.requests.length - before;
    if (is === 'wrong' || is === 'broken off' || (is === 'assembled' && !readFileSync(partPath).equals(bytes)))
      console.error(`${pair.newer.filename}, ${form}: ${is}`);
    return { ...pair, form, bytes: bytes.length, crossed, requests, is };
  } finally {
    part.close();
    rmSync(partPath, { force: true });
  }
}

function report(outcomes: readonly PairOutcome[]): string {
  const asTheyAre = outcomes.filter(({ form }) => form === 'as it is');
  const kinds: [string, PairOutcome[]][] = [
    ['pure', asTheyAre.filter(({ isPure }) => isPure)],
    ['compiled', asTheyAre.filter(({ isPure }) => !isPure)],
    ['all', asTheyAre],
    ...FORMS.names.map((name): [string, PairOutcome[]] => [
      `zipped anew: ${name}`,
      outcomes.filter(({ form }) => form === name),
    ]),
  ];
  const projects = [...new Set(asTheyAre.map(({ project }) => project))].map((name): [string, PairOutcome[]] => [
    name,
    asTheyAre.filter(({ project }) => project === name),
  ]);
  const head = ['', 'pairs', 'put together', 'wrong', 'MB', 'crossed, %', 'requests for each'];
  return `${table(head, kinds.map(rowOf))}\n\n${table(head, projects.map(rowOf))}`;
}

function rowOf([name, outcomes]: [string, PairOutcome[]]): unknown[] {
  const sum = (read: (outcome: PairOutcome) => number) => outcomes.reduce((total, each) => total + read(each), 0);
  const together = outcomes.filter(({ is }) => is === 'assembled');
  const bytes = sum((each) => each.bytes);
  const crossed = sum((each) => each.crossed + (each.is === 'assembled' ? 0 : each.bytes)); // what was not put together comes whole
  const wrong = outcomes.filter(({ is }) => is === 'wrong' || is === 'broken off').length;
  const requests = sum((each) => each.requests + (each.is === 'assembled' ? 0 : 1)) / outcomes.length;
  return [
    ...[name, outcomes.length, together.length, wrong, (bytes / 1e6).toFixed(1)],
    ...[((crossed / bytes) * 100).toFixed(1), requests.toFixed(1)],
  ];
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

await main();
