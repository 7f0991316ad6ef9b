/** kho typed by root: over a site of another user, of root's own, and where others decide what is there. */
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeWheel } from '../support/make-package.ts';
import { type Run, runProgram } from '../support/run-program.ts';
import { KHO } from '../support/tools.ts';

const IS_ROOT = process.getuid?.() === 0;
/** Numbers that no account has. */
const OWNER = 54_331;
const GROUP = 54_332;
const STRANGER = 54_333;

let folder: string;
let bundle: string;
let site: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kho-root-'));
  chmodSync(folder, 0o755);
  bundle = join(folder, 'kho.cjs');
  copyFileSync(KHO, bundle);
});
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
beforeEach(() => {
  count += 1;
  mkdirSync(join(folder, `home-${count}`), { mode: 0o700 }); // root's: closed to whom kho acts for
  site = join(folder, `above-${count}`, 'PyPI');
  mkdirSync(join(site, 'glibc/packages'), { recursive: true });
  put('glibc/packages/foo-1.0-py3-none-any.whl', '1.0');
});

function put(path: string, version: string): void {
  mkdirSync(dirname(join(site, path)), { recursive: true });
  writeFileSync(join(site, path), makeWheel({ name: 'foo', version }));
}

const kho = (...words: string[]): Promise<Run> =>
  runProgram(process.execPath, [bundle, ...words], {
    cwd: '/',
    env: { PATH: process.env['PATH'], HOME: join(folder, `home-${count}`) },
  });

/** All that is there but for packages, by path. */
const owners = () =>
  readdirSync(site, { recursive: true, encoding: 'utf8' }).map((path) => [path, statSync(join(site, path)).uid]);

function give(path: string, uid: number, mode: number, gid = uid): void {
  chownSync(join(site, path), uid, gid);
  chmodSync(join(site, path), mode);
}

test.runIf(IS_ROOT)("the first build of a site of root is root's, and says nothing", async () => {
  const { exitCode, stderr } = await kho('build', site);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  for (const [path, uid] of owners()) expect([path, uid]).toEqual([path, 0]);
});

test.runIf(IS_ROOT)("in a site of another user, all that root builds is that user's", async () => {
  for (const path of ['.', 'glibc', 'glibc/packages']) give(path, OWNER, 0o755);
  expect(await kho('build', '--quiet', site)).toMatchObject({ exitCode: 0, stderr: '', stdout: '' });
  const made = owners().filter(([path]) => !String(path).endsWith('.whl'));
  expect(made.length).toBeGreaterThan(10);
  for (const [path, uid] of made) expect([path, uid]).toEqual([path, OWNER]);
  expect((await kho('build', site)).stderr).toBe(`kho: acting as ${OWNER}, who owns "${site}"\n`);

  put('glibc/packages/foo-2.0-py3-none-any.whl', '2.0');
  const asOwner = ['--reuid', String(OWNER), '--regid', String(OWNER), '--clear-groups', process.execPath, bundle];
  expect(await runProgram('setpriv', [...asOwner, 'build', '--quiet', site])).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
  expect(readFileSync(join(site, 'glibc/simple/foo/index.html'), 'utf8')).toContain('foo-2.0');
});

test.runIf(IS_ROOT)('root reads no more of a site than its owner may', async () => {
  for (const path of ['.', 'glibc', 'glibc/packages']) give(path, OWNER, 0o755);
  const secret = join(site, 'glibc/packages/secret-1.0-py3-none-any.whl');
  writeFileSync(secret, makeWheel({ name: 'secret', version: '1.0' }), { mode: 0o600 });
  expect((await kho('build', '--quiet', site)).stderr).toContain('[not-readable]');
  expect(readdirSync(join(site, 'glibc/simple'))).not.toContain('secret');
});

test.runIf(IS_ROOT).each([
  ['the site itself', '.', 0, 0o2775, GROUP],
  ['the site of another user itself', '.', OWNER, 0o777, OWNER],
  ['the folder above', '..', 0, 0o777, 0],
  ["the folder above, which is a stranger's", '..', STRANGER, 0o755, STRANGER],
])('where others may write to %s, root changes nothing, and may look', async (_what, path, uid, mode, gid) => {
  for (const inner of ['glibc', 'glibc/packages']) if (uid === OWNER) give(inner, OWNER, 0o755);
  give(path, uid, mode, gid);
  const before = readdirSync(site, { recursive: true });
  const wheel = join(site, 'glibc/packages/foo-1.0-py3-none-any.whl');
  for (const words of [
    ['build', site],
    ['watch', site],
    ['serve', site],
    ['fetch', site, '--need', 'foo'],
    ['retag', wheel],
  ]) {
    const { exitCode, stderr } = await kho(...words);
    expect([words[0], exitCode]).toEqual([words[0], 2]);
    expect(stderr).toMatch(/^kho: Cannot work as root in .*others.* \[SITE\]\n\nhint: /);
  }
  expect((await kho('init', '--site', site, 'musl')).stderr).toContain('Cannot work as root');
  expect(readdirSync(site, { recursive: true })).toEqual(before);
  expect((await kho('list', site)).exitCode).toBe(0);
  const line = /hint: .*(chmod \S+ \S+);/.exec((await kho('build', site)).stderr)?.[1];
  if (uid === STRANGER) return;
  expect(await runProgram('sh', ['-c', line ?? 'false'])).toMatchObject({ exitCode: 0 });
  expect((await kho('build', site)).exitCode).toBe(0);
});

test.runIf(IS_ROOT)(
  'root is warned, each time and however quiet it is to be, of folders that others may write',
  async () => {
    give('glibc/packages', 0, 0o2775, GROUP);
    for (let time = 0; time < 2; time++) {
      const { exitCode, stderr } = await kho('build', '--quiet', site);
      expect(exitCode).toBe(0);
      expect(stderr).toContain(
        `WARNING: running as root over folders that others may write: "${site}/glibc/packages"\n`,
      );
    }
    expect(JSON.parse((await kho('build', '--json', site)).stdout).problems).toEqual([]);
  },
);

test.runIf(IS_ROOT)('what root left in a site is told to its user with the line that gives it back', async () => {
  await kho('build', '--quiet', site);
  for (const path of ['.', 'glibc', 'glibc/packages']) give(path, OWNER, 0o755);
  put('glibc/packages/foo-2.0-py3-none-any.whl', '2.0');
  const { exitCode, stderr } = await kho('build', site);
  expect(exitCode).toBe(2);
  const line = /hint: .*: (chown .*)$/m.exec(stderr)?.[1] ?? 'false';
  expect(await runProgram('sh', ['-c', line])).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await kho('build', site)).exitCode).toBe(0);
});
