/**
 * Wheels that are odd in one way each, made in code, installed from an index with the oldest and the newest pip and with uv: what every
 * pip refuses must be held, what all install must be listed, and where they differ a note must say who refuses.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeTagNames } from '../../src/catalog/judge-file.ts';
import { memorySource } from '../../src/formats/byte-source.ts';
import { verifyZip } from '../../src/formats/verify-zip.ts';
import { readPackage } from '../../src/inspect/read-package.ts';
import { FormatError } from '../../src/problems.ts';
import { clientEnvironment } from '../support/client-environment.ts';
import { ODD_WHEELS, type OddWheel } from '../support/odd-wheels.ts';
import { runProgram } from '../support/run-program.ts';
import { type StaticServer, serveStatic } from '../support/static-server.ts';
import { PROJECT_DIR, venvProgram } from '../support/tools.ts';

/** The oldest and the newest pip that tests have, each with its Python: 3.9 and 3.11 read entry points differently. */
const PIPS = ['pip-20.3.4', 'pip-latest'] as const;
/** For all of them. */
const LIMIT_MS = 600_000;
type ClientName = (typeof PIPS)[number] | 'uv';

/** Where kho is stricter, and why. */
const HELD_ALL_THE_SAME: Readonly<Record<string, string>> = {
  'a byte order mark before METADATA': 'pip from 22 on, on Python 3.11 or later, and uv refuse it',
  'a first other name': 'the name of another project: pip from 25.0 on and uv refuse it',
  'Metadata-Version 3.0': 'the standard says to refuse what it does not know; pip reads the fields that it knows',
  'a console script that climbs out': 'pip before 24 writes outside of its folder',
  'a second .dist-info': 'pip from 20 on refuses it',
  'a member twice, other bytes': 'programs read other things',
  'METADATA twice, other bytes': 'programs read other things',
};
/** Where a note names a client that is none of the three, or one that reads on where it is let. */
const PASSED_OVER_WITH_A_CHOICE = 'uv takes an older release where there is one; pip takes it for any Python';
const NOTED_ALL_THE_SAME: Readonly<Record<string, string>> = {
  'a Requires-Python that nobody can read': PASSED_OVER_WITH_A_CHOICE,
  'a Requires-Python that is a number': PASSED_OVER_WITH_A_CHOICE,
  'a Requires-Python with .* after >=': PASSED_OVER_WITH_A_CHOICE,
  'a Requires-Python in quotes': PASSED_OVER_WITH_A_CHOICE,
  'a Requires-Python without commas': PASSED_OVER_WITH_A_CHOICE,
  'a Requires-Python with =>': PASSED_OVER_WITH_A_CHOICE,
  'a member twice, the same bytes': 'PyPI refuses it',
  'METADATA twice, the same bytes': 'PyPI refuses it',
  'RECORD twice, the same bytes': 'PyPI refuses it',
};

interface Said {
  what: string;
  /** Who does not install it. */
  refusers: ClientName[];
  kho: { is: 'listed' | 'noted' | 'held'; why: string };
}

let folder: string;
let server: StaticServer;
const said = new Map<string, Said[]>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kho-odd-'));
  server = await serveStatic(folder);
  for (const [group, wheels] of Object.entries(ODD_WHEELS)) said.set(group, await tryAll(group, wheels));
}, LIMIT_MS);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function tryAll(group: string, wheels: readonly OddWheel[]): Promise<Said[]> {
  const asked = wheels.map(({ filename, bytes }, at) => {
    const project = (filename.split('-')[0] as string).replace(/[_.]+/g, '-');
    const name = `${group}-${at}`;
    const page = join(folder, name, 'simple', project);
    mkdirSync(page, { recursive: true });
    writeFileSync(join(folder, name, filename), bytes);
    writeFileSync(join(page, 'index.html'), `<!DOCTYPE html><a href="../../${filename}">${filename}</a>`);
    return { index: `${server.url}${name}/simple/`, project };
  });
  const [oldest, newest, uv] = await Promise.all([...PIPS.map((pip) => withPip(pip, asked)), withUv(asked)]);
  return Promise.all(
    wheels.map(async ({ what, filename, bytes }, at) => {
      const installed = { [PIPS[0]]: oldest?.[at], [PIPS[1]]: newest?.[at], uv: uv?.[at] };
      const refusers = (Object.keys(installed) as ClientName[]).filter((client) => !installed[client]);
      return { what, refusers, kho: await verdict(filename, bytes) };
    }),
  );
}

type Asked = { index: string; project: string };

/** Whether each is installed then. */
async function withPip(pip: string, asked: readonly Asked[]): Promise<boolean[]> {
  const { home, env } = clientEnvironment();
  const script = join(PROJECT_DIR, 'test', 'support', 'install-odd.py');
  const input = asked.map(({ index, project }) => `${index}\t${project}\n`).join('');
  const { stdout } = await runProgram(venvProgram(pip, 'python'), ['-W', 'ignore', script], {
    cwd: home,
    env,
    input,
    limitMs: LIMIT_MS,
  });
  rmSync(home, { recursive: true, force: true });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) === null);
}

async function withUv(asked: readonly Asked[]): Promise<boolean[]> {
  const { home, env } = clientEnvironment();
  const installed: boolean[] = [];
  for (const [at, { index, project }] of asked.entries()) {
    const words = [
      '--python',
      venvProgram('pip-latest', 'python'),
      '--no-cache',
      '--no-deps',
      '--default-index',
      index,
    ];
    const args = ['pip', 'install', ...words, '--target', join(home, String(at)), project];
    installed.push((await runProgram(venvProgram('uv', 'uv'), args, { cwd: home, env })).exitCode === 0);
  }
  rmSync(home, { recursive: true, force: true });
  return installed;
}

async function verdict(filename: string, bytes: Uint8Array): Promise<Said['kho']> {
  try {
    const { doubts } = await readPackage(filename, memorySource(bytes));
    await verifyZip(memorySource(bytes));
    const unknown = judgeTagNames({ filename });
    if (unknown) return { is: 'held', why: `${unknown.code}: ${unknown.what}` };
    return doubts.length === 0
      ? { is: 'listed', why: '' }
      : { is: 'noted', why: doubts.map(({ what }) => what).join('; ') };
  } catch (error) {
    if (error instanceof FormatError) return { is: 'held', why: `${error.code}: ${error.message}` };
    throw error;
  }
}

/** What kho has to say, by what the clients do. */
function expected({ what, refusers }: Said): Said['kho']['is'] {
  if (what in HELD_ALL_THE_SAME) return 'held';
  if (what in NOTED_ALL_THE_SAME) return 'noted';
  if (PIPS.every((pip) => refusers.includes(pip))) return 'held';
  return refusers.length > 0 ? 'noted' : 'listed';
}

describe.each(Object.keys(ODD_WHEELS))('%s', (group) => {
  test('kho holds what every pip refuses, lists what all install, and notes where they differ', () => {
    const all = said.get(group) as Said[];
    const wrong = all.filter((each) => each.kho.is !== expected(each));
    expect(
      wrong.map(
        ({ what, refusers, kho }) =>
          `${what}: ${refusers.join(' and ') || 'nobody'} refuses, kho: ${kho.is} ${kho.why}`,
      ),
    ).toEqual([]);
  });

  test('a note names who refuses', () => {
    const noted = (said.get(group) as Said[]).filter(({ kho, refusers }) => kho.is === 'noted' && refusers.length > 0);
    const silent = noted.filter(({ refusers, kho }) =>
      refusers.some((client) => !new RegExp(client === 'uv' ? /\buv\b/ : /\bpip\b/).test(kho.why)),
    );
    expect(silent.map(({ what, refusers, kho }) => `${what}: ${refusers.join(' and ')}, kho: ${kho.why}`)).toEqual([]);
  });
});
