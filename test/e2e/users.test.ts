/** Who uploads, kho, and the web server are three users, as docs/uploading.md sets them up. Numbers, not names: nobody has to be made. */
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
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWheel } from '../support/make-package.ts';
import { type Run, runOrThrow, runProgram } from '../support/run-program.ts';

/** Only root can be others. */
const IS_ROOT = process.getuid?.() === 0;
const GROUP = 54_320;
const USERS = { uploader: 54_321, kho: 54_322, web: 54_323, stranger: 54_324 };
type User = keyof typeof USERS;

let folder: string;
let bundle: string;
let site: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kho-users-'));
  chmodSync(folder, 0o755);
  bundle = join(folder, 'kho.cjs');
  site = join(folder, 'PyPI');
  copyFileSync(join(import.meta.dirname, '../../dist/kho.js'), bundle);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Run a line of shell as one of the users. */
function as(user: User, line: string, input?: string): Promise<Run> {
  const id = String(USERS[user]);
  const groups = user === 'uploader' || user === 'kho' ? ['--groups', String(GROUP)] : ['--clear-groups'];
  const words = ['--reuid', id, '--regid', id, ...groups, 'sh', '-c', line];
  const env = { PATH: process.env['PATH'], HOME: '/' };
  return runProgram('setpriv', words, { cwd: '/', env, ...(input !== undefined && { input }) });
}

async function upload(filename: string, name: string, version: string, umask = '022'): Promise<void> {
  const bytes = Buffer.from(makeWheel({ name, version })).toString('base64');
  const run = await as('uploader', `umask ${umask} && base64 -d > ${site}/glibc/packages/${filename}`, bytes);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
}

const build = (...words: string[]) => as('kho', [process.execPath, bundle, 'build', site, ...words].join(' '));

test.runIf(IS_ROOT)('three users: one uploads, one publishes, one serves', async () => {
  mkdirSync(site);
  chownSync(site, USERS.kho, USERS.kho);
  await runOrThrow(process.execPath, [bundle, 'init', 'glibc', '--site', site, '--group', String(GROUP)]);
  await upload('foo-1.0-py3-none-any.whl', 'foo', '1.0');
  expect(await build('--strict')).toMatchObject({ exitCode: 0 });

  const published = ['glibc/simple/foo/index.json', 'glibc/packages/foo-1.0-py3-none-any.whl.metadata', 'index.html'];
  for (const path of published) {
    expect(statSync(join(site, path)).uid).toBe(USERS.kho);
    expect(await as('web', `cat ${site}/${path}`)).toMatchObject({ exitCode: 0 });
  }
  expect((await as('stranger', `touch ${site}/glibc/packages/x.whl`)).exitCode).not.toBe(0);
  expect((await as('stranger', `cat ${site}/glibc/simple/index.html`)).exitCode).toBe(0);

  // Nobody but kho can change what others trust.
  for (const user of ['uploader', 'web', 'stranger'] as const) {
    for (const path of [
      'kho.toml',
      'x',
      '.kho/x',
      'glibc/x',
      'glibc/simple/x',
      'glibc/simple/index.html',
      'project/x',
    ]) {
      expect([user, path, (await as(user, `echo >> ${site}/${path}`)).exitCode]).not.toEqual([user, path, 0]);
    }
    expect([user, (await as(user, `mv ${site}/glibc/simple ${site}/glibc/x`)).exitCode]).not.toEqual([user, 0]);
  }
  expect((await as('web', `touch ${site}/glibc/packages/x.whl`)).exitCode).not.toBe(0);

  // What comes into folders of incoming/ can be taken out.
  const bytes = Buffer.from(makeWheel({ name: 'bar', version: '1.0' })).toString('base64');
  await as('uploader', `umask 027 && base64 -d > ${site}/incoming/glibc/bar-1.0-py3-none-any.whl`, bytes);
  expect(await build('--strict')).toMatchObject({ exitCode: 0 });
  expect(readdirSync(join(site, 'incoming/glibc'))).toEqual([]);
  expect(readFileSync(join(site, 'glibc/simple/index.html'), 'utf8')).toContain('bar');
  expect(await as('uploader', `rm ${site}/glibc/packages/bar*`)).toMatchObject({ exitCode: 0 });

  // Both the uploader and kho may take away what the other has put there.
  await upload('foo-2.0-py3-none-any.whl', 'foo', '2.0');
  expect(await as('uploader', `rm ${site}/glibc/packages/foo-1.0-py3-none-any.whl*`)).toMatchObject({ exitCode: 0 });
  expect(await build('--strict')).toMatchObject({ exitCode: 0 });
  expect(readdirSync(join(site, 'glibc/packages')).sort()).toEqual([
    'foo-2.0-py3-none-any.whl',
    'foo-2.0-py3-none-any.whl.metadata',
  ]);
  expect(await as('uploader', `rm ${site}/glibc/packages/foo-2.0-py3-none-any.whl`)).toMatchObject({ exitCode: 0 });
  expect(await build('--strict')).toMatchObject({ exitCode: 0 });
  expect(readdirSync(join(site, 'glibc/packages'))).toEqual([]);
});

test.runIf(IS_ROOT)('a file that its uploader keeps for himself is reported, with the line that opens it', async () => {
  await upload('closed-1.0-py3-none-any.whl', 'closed', '1.0', '077');
  await upload('open-1.0-py3-none-any.whl', 'open', '1.0');
  const { exitCode, stdout } = await build('--strict', '--json');
  expect(exitCode).toBe(1);
  const [problem] = JSON.parse(stdout).problems;
  expect(problem).toMatchObject({ file: 'glibc/packages/closed-1.0-py3-none-any.whl', code: 'not-readable' });
  expect(problem.hint).toContain('chmod');
  expect(readFileSync(join(site, 'glibc/simple/index.html'), 'utf8')).toContain('open');
  await as('uploader', `chmod 644 ${site}/glibc/packages/closed-1.0-py3-none-any.whl`);
  expect(await build('--strict')).toMatchObject({ exitCode: 0 });
});
