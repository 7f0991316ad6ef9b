/**
 * What kho finds in some four hundred real wheels beside what their names say (their makers tested them) and beside auditwheel.
 * The tags are those of names that PyPI took: kho must accuse none of them of a lie.
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { memorySource } from '../../src/formats/byte-source.ts';
import { readPackage } from '../../src/inspect/read-package.ts';
import type { BinaryFacts } from '../../src/standards/platforms/binary-facts.ts';
import { judgeTag } from '../../src/standards/platforms/judge-tag.ts';
import { architecturesIn, isNewer, newest, parsePlatformTag } from '../../src/standards/platforms/platform-tag.ts';
import { parseWheelFilename } from '../../src/standards/wheel-filename.ts';
import { type CorpusFile, corpus } from '../support/corpus.ts';
import { PROJECT_DIR, venvProgram } from '../support/tools.ts';

interface Wheel {
  filename: string;
  platform: string;
  facts: BinaryFacts | undefined;
  quick: BinaryFacts | undefined;
  auditwheel: BinaryAnswer;
}

interface BinaryAnswer {
  error?: string;
  libc?: string;
  symbols?: string;
  outside?: string[];
}

/** The versions that auditwheel knows policies for, oldest first. */
const POLICIES = '2.5 2.12 2.17 2.24 2.26 2.27 2.28 2.31 2.34 2.35 2.36 2.37 2.38 2.39 2.40 2.41'.split(' ');
/** Machines for which there is none before. */
const FIRST_POLICY: Record<string, string> = { x86_64: '2.5', i686: '2.5', riscv64: '2.31' };

/** Wheels without anything for Linux in them, though the list has them: they show that nothing is found. */
const WITHOUT = ['soundfile-0.14.0-py2.py3-none-any.whl'];

/** Where kho and auditwheel say something else, and who is right. */
const DIFFERENCES: { what: string; is(wheel: Wheel): boolean; atMost: number }[] = [
  {
    what: 'auditwheel fails: it takes libc.so, which musl-gcc and Rust link with, from this machine, where that is a text for the linker',
    is: ({ facts, auditwheel }) => facts?.libc === 'musl' && auditwheel.error?.includes('Magic number') === true,
    atMost: 28,
  },
  {
    what: 'static programs, named for both libcs: auditwheel takes the first of the name, kho says neutral',
    is: ({ facts, platform }) => facts?.libc === 'neutral' && /manylinux.*musllinux/.test(platform),
    atMost: 5,
  },
  {
    what: 'auditwheel knows no armv6l, and takes it for armv7l; no manylinux is for armv6l',
    is: ({ platform }) => platform.includes('armv6l'),
    atMost: 6,
  },
];

let wheels: Wheel[] = [];

beforeAll(async () => {
  const files = await corpus(undefined, 'binary-corpus.txt');
  const answers = askAuditwheel(files);
  wheels = await Promise.all(files.map((file, index) => readWheel(file, answers[index] as BinaryAnswer)));
});

async function readWheel({ filename, path }: CorpusFile, auditwheel: BinaryAnswer): Promise<Wheel> {
  const contents = await readPackage(filename, memorySource(await readFile(path)));
  const { platform } = parseWheelFilename(filename);
  const facts = (await contents.readBinaries?.('whole'))?.facts;
  const quick = (await contents.readBinaries?.('quick'))?.facts;
  return { filename, platform, facts, quick, auditwheel };
}

/** In the order of the files. */
function askAuditwheel(files: readonly CorpusFile[]): BinaryAnswer[] {
  const script = join(PROJECT_DIR, 'test', 'support', 'auditwheel-oracle.py');
  const input = files.map(({ path }) => `${path}\n`).join('');
  const options = { input, encoding: 'utf8', maxBuffer: 1 << 30 } as const;
  const { status, stdout, stderr } = spawnSync(venvProgram('auditwheel', 'python'), [script], options);
  if (status !== 0) throw new Error(`auditwheel failed: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as BinaryAnswer);
}

/** What the name promises of the libc; undefined where it says nothing, or both. */
function promisedLibc(platform: string): 'glibc' | 'musl' | undefined {
  const families = new Set(platform.split('.').map((tag) => parsePlatformTag(tag).family));
  if (families.size > 1) return undefined;
  return families.has('manylinux') ? 'glibc' : families.has('musllinux') ? 'musl' : undefined;
}

test('the corpus is large, and has every machine with both libcs', () => {
  expect(wheels.length).toBeGreaterThanOrEqual(400);
  for (const machine of ['x86_64', 'aarch64', 'armv7l', 'i686', 'ppc64le', 's390x', 'riscv64']) {
    for (const family of ['manylinux', 'musllinux']) {
      const count = wheels.filter(
        ({ platform }) => platform.startsWith(family) && platform.endsWith(`_${machine}`),
      ).length;
      expect(count, `${family} ${machine}`).toBeGreaterThanOrEqual(25);
    }
  }
});

test('kho finds the architecture of every wheel', () => {
  const wrong = wheels.filter(
    ({ facts, platform }) => !architecturesIn(platform).includes(facts?.architectures[0] ?? ''),
  );
  expect(wrong.map(({ filename }) => filename)).toEqual(WITHOUT);
});

test('kho finds the libc of every wheel whose name tells it', () => {
  const wrong = wheels.filter(({ platform, facts }) => {
    const promised = promisedLibc(platform);
    return promised !== undefined && facts?.libc !== promised;
  });
  expect(wrong.map(({ filename, facts }) => `${filename}: ${facts?.libc}`)).toEqual([]);
});

test('kho reads every member whole', () => {
  expect(wheels.filter(({ facts }) => facts?.unexamined !== undefined).map(({ filename }) => filename)).toEqual([]);
});

test('what kho reads from the first pages is what it reads from all', () => {
  for (const { filename, facts, quick } of wheels) expect({ filename, facts: quick }).toEqual({ filename, facts });
});

test('kho accuses no wheel from PyPI of a lie', () => {
  const accused = wheels.flatMap(({ filename, facts, platform }) =>
    facts ? judgeTag(facts, platform).flatMap(({ lie, what }) => (lie ? [`${filename} ${what}`] : [])) : [],
  );
  expect(accused).toEqual([]);
});

test('the lowest manylinux policy that kho comes to is that of auditwheel', () => {
  const wrong: string[] = [];
  let compared = 0;
  for (const { filename, facts, platform, auditwheel } of wheels) {
    if (facts?.libc !== 'glibc' || auditwheel.symbols === undefined || platform.includes('armv6l')) continue;
    compared++;
    const [machine = ''] = facts.architectures;
    const floor = newest([FIRST_POLICY[machine] ?? '2.17', facts.glibcFloor, facts.manylinuxFloor]) as string;
    const policy = POLICIES.find((each) => !isNewer(floor, each));
    const theirs = /_(\d+_\d+)_/.exec(auditwheel.symbols)?.[1]?.replace('_', '.');
    if (policy !== theirs) wrong.push(`${filename}: ${policy}, auditwheel says ${theirs}`);
  }
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThanOrEqual(200);
});

test('kho and auditwheel agree, or it is known why not', () => {
  const unexplained: string[] = [];
  const counts = DIFFERENCES.map(() => 0);
  for (const wheel of wheels) {
    const { filename, facts, auditwheel } = wheel;
    if (facts === undefined) continue;
    const theirOutside = (auditwheel.outside ?? []).filter((name) => name !== 'libc.so' || facts.libc !== 'musl');
    if (
      auditwheel.libc === facts.libc &&
      theirOutside.join() === (facts.outside ?? []).join() &&
      !wheel.platform.includes('armv6l')
    )
      continue;
    const known = DIFFERENCES.findIndex(({ is }) => is(wheel));
    if (known < 0)
      unexplained.push(`${filename}: ${facts.libc}, ${facts.outside}; auditwheel says ${JSON.stringify(auditwheel)}`);
    else counts[known] = (counts[known] as number) + 1;
  }
  expect(unexplained).toEqual([]);
  for (const [index, { what, atMost }] of DIFFERENCES.entries())
    expect(counts[index], what).toBeLessThanOrEqual(atMost);
});
