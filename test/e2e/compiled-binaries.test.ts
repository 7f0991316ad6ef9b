/** The same source, compiled for several machines under one file name that gives no hint: what kho makes of the wheels. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { memorySource } from '../../src/formats/byte-source.ts';
import { readElf } from '../../src/formats/elf.ts';
import { readPackage } from '../../src/inspect/read-package.ts';
import { judgeTag } from '../../src/standards/platforms/judge-tag.ts';
import { truestTag } from '../../src/standards/platforms/truest-tag.ts';
import { makeWheel } from '../support/make-package.ts';

const folder = mkdtempSync(join(tmpdir(), 'kho-compiled-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Asks the C library for something, and has an address in its data that has to be relocated. */
const SOURCE = `
#include <stdlib.h>
static int value;
int *place = &value;
void *PyInit_demo(void) { return malloc(strtol("1", 0, 10)); }
int main(void) { return PyInit_demo() == place; }
`;
const NEUTRAL_SOURCE = 'int value; int *PyInit_demo(void) { return &value; }\n';
const MODULE = ['-shared', '-fPIC'];

function compile(compiler: string, source: string, options: readonly string[]): Buffer {
  const [input, output] = [join(folder, 'demo.c'), join(folder, 'demo.so')];
  writeFileSync(input, source);
  execFileSync(compiler, [input, '-o', output, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  return readFileSync(output);
}

/** One that the compiler links with. */
function libraryOf(compiler: string, name: string): Buffer {
  return readFileSync(execFileSync(compiler, [`-print-file-name=${name}`], { encoding: 'utf8' }).trim());
}

/** A stand-in for Alpine's libc, by its name there: what is linked with it asks for that name. */
function alpineLibc(): string {
  const path = join(folder, 'libalpine.so');
  writeFileSync(
    path,
    compile(
      'musl-gcc',
      'void *malloc(unsigned long n) { return 0; } long strtol(const char *t, char **e, int b) { return 0; }',
      [...MODULE, '-nostdlib', '-Wl,-soname,libc.musl-x86_64.so.1'],
    ),
  );
  return path;
}

async function look(member: Buffer | Record<string, Buffer>, platform: string) {
  const tag = `${platform === 'any' ? 'py3-none' : 'cp311-cp311'}-${platform}`;
  const members = Buffer.isBuffer(member) ? { 'demo.so': member } : member;
  const bytes = makeWheel({ name: 'demo', version: '1.0', tag, members });
  const contents = await readPackage(`demo-1.0-${tag}.whl`, memorySource(bytes));
  const facts = (await contents.readBinaries?.('whole'))?.facts;
  if (!facts) throw new Error('kho found no binaries');
  expect((await contents.readBinaries?.('quick'))?.facts).toEqual(facts);
  return { facts, faults: judgeTag(facts, platform).map(({ what }) => what), tag: truestTag(facts, platform) };
}

const RELR = '-Wl,-z,pack-relative-relocs';

test.each([
  [
    'gcc',
    'gcc',
    SOURCE,
    MODULE,
    'linux_x86_64',
    { libc: 'glibc', architectures: ['x86_64'], modules: true },
    /^manylinux_2_\d+_x86_64$/,
  ],
  [
    'musl-gcc',
    'musl-gcc',
    SOURCE,
    MODULE,
    'linux_x86_64',
    { libc: 'musl', architectures: ['x86_64'], modules: true },
    /^musllinux_1_2_x86_64$/,
  ],
  [
    'a compiler of Alpine',
    'musl-gcc',
    SOURCE,
    [...MODULE, '-nostdlib'],
    'linux_x86_64',
    { libc: 'musl' },
    /^musllinux_1_2_x86_64$/,
  ],
  ['gcc, stripped', 'gcc', SOURCE, [...MODULE, '-s'], 'linux_x86_64', { libc: 'glibc' }, /^manylinux/],
  [
    'gcc without a libc',
    'gcc',
    NEUTRAL_SOURCE,
    [...MODULE, '-nostdlib'],
    'linux_x86_64',
    { libc: 'neutral' },
    /^manylinux_2_5_x86_64\.musllinux_1_2_x86_64$/,
  ],
  ['gcc as a program', 'gcc', SOURCE, ['-pie', '-fPIE'], 'linux_x86_64', { libc: 'glibc' }, /^manylinux/],
  [
    'musl-gcc as a static program',
    'musl-gcc',
    SOURCE,
    ['-static'],
    'linux_x86_64',
    { libc: 'neutral' },
    /^manylinux_2_5_x86_64\.musllinux/,
  ],
  [
    'gcc with packed relocations',
    'gcc',
    SOURCE,
    [...MODULE, RELR],
    'linux_x86_64',
    { libc: 'glibc', glibcFloor: '2.36' },
    /^manylinux_2_36_x86_64$/,
  ],
  [
    'musl-gcc with packed relocations',
    'musl-gcc',
    SOURCE,
    [...MODULE, RELR],
    'linux_x86_64',
    { libc: 'musl', muslFloor: '1.2.4' },
    /^musllinux_1_2_x86_64$/,
  ],
  [
    'gcc for armhf',
    'arm-linux-gnueabihf-gcc',
    SOURCE,
    MODULE,
    'linux_armv7l',
    { libc: 'glibc', architectures: ['armv7l'] },
    /^manylinux_2_17_armv7l$/,
  ],
  [
    'gcc for ARM with soft float',
    'arm-linux-gnueabi-gcc',
    SOURCE,
    MODULE,
    'linux_armv7l',
    { libc: 'glibc', architectures: ['armel'] },
    undefined,
  ],
] as const)('kho sees what %s made', async (what, compiler, source, options, platform, expected, tag) => {
  const more = what === 'a compiler of Alpine' ? [alpineLibc()] : [];
  const found = await look(compile(compiler, source, [...options, ...more]), platform);
  expect(found.facts).toMatchObject(expected);
  if (tag === undefined) expect(found.tag).toBeUndefined();
  else expect(found.tag).toMatch(tag);
});

test('kho says where a wheel that gives no hint will fail', async () => {
  const musl = compile('musl-gcc', SOURCE, MODULE);
  expect((await look(musl, 'linux_x86_64')).faults).toEqual([
    'was built on Alpine (needs libc.so), named linux_x86_64: will fail on Debian, Ubuntu',
  ]);
  const glibc = compile('gcc', SOURCE, MODULE);
  expect((await look(glibc, 'musllinux_1_2_x86_64')).faults).toEqual([
    expect.stringContaining('named musllinux_1_2_x86_64: will fail on Alpine'),
  ]);
  const soft = compile('arm-linux-gnueabi-gcc', SOURCE, MODULE);
  expect((await look(soft, 'manylinux_2_31_armv7l')).faults[0]).toContain('will fail on Debian armhf');
});

test('kho finds the module in a wheel that is named for any machine', async () => {
  const found = await look(compile('musl-gcc', SOURCE, MODULE), 'any');
  expect(found.facts).toMatchObject({ libc: 'musl', architectures: ['x86_64'], modules: true });
  expect(found.faults).toEqual(['has modules for x86_64 (demo.so), named for any machine']);
  expect(found.tag).toBe('musllinux_1_2_x86_64');
});

test('kho counts in a wheel for several machines what is for the one it is named for', async () => {
  const fat = {
    'demo/x86_64/demo.so': compile('gcc', SOURCE, [...MODULE, RELR]),
    'demo/armv7l/demo.so': compile('arm-linux-gnueabihf-gcc', SOURCE, MODULE),
  };
  const intel = await look(fat, 'manylinux_2_36_x86_64');
  expect(intel).toMatchObject({ facts: { architectures: ['x86_64', 'armv7l'], glibcFloor: '2.36' }, faults: [] });
  const arm = await look(fat, 'manylinux_2_17_armv7l');
  expect(arm).toMatchObject({
    facts: { architectures: ['armv7l', 'x86_64'] },
    faults: [],
    tag: 'manylinux_2_17_armv7l',
  });
  const neither = await look(fat, 'linux_aarch64');
  expect(neither.faults[0]).toEqual(expect.stringMatching(/was built for \w+ \(demo\.so\), named linux_aarch64/));
});

test("kho names a wheel with a copy of glibc's own library for no manylinux", async () => {
  const copy = libraryOf('gcc', 'libresolv.so.2');
  const found = await look({ 'demo.libs/libresolv-1a2b3c4d.so.2': copy }, 'linux_x86_64');
  expect(found.facts).toMatchObject({ libc: 'glibc', privateGlibc: true });
  expect(found.tag).toBe('linux_x86_64');
});

test('kho reads compiled files that were cut or written over without an error, and in no time', async () => {
  const compilers = ['gcc', 'musl-gcc', 'arm-linux-gnueabihf-gcc'];
  const whole = compilers.map((compiler) => compile(compiler, SOURCE, [...MODULE, '-s']));
  for (const bytes of whole) expect(await readElf(memorySource(bytes), bytes)).toMatchObject({ quick: true });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...whole),
      fc.option(fc.nat(20_000)),
      fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { maxLength: 20 }),
      async (elf, length, changes) => {
        const bytes = Buffer.from(elf.subarray(0, length ?? elf.length));
        for (const [at, value] of changes) if (at >= 6 && at < bytes.length) bytes[at] = value;
        for (const front of [undefined, bytes.subarray(0, 2048), bytes]) await readElf(memorySource(bytes), front);
      },
    ),
    { numRuns: 2000, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
  );
});
