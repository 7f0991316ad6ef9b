/** dist/kho.js, started in all the ways in which it gets onto machines, and the compiled code that it keeps. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type ClientEnvironment, clientEnvironment } from '../support/client-environment.ts';
import { TestSite } from '../support/site.ts';

const KHO = join(import.meta.dirname, '../../dist/kho.js');
const { version } = JSON.parse(readFileSync(join(KHO, '../../package.json'), 'utf8')) as { version: string };

let site: TestSite;
let client: ClientEnvironment;
let cache: string;
beforeEach(() => {
  site = new TestSite();
  onTestFinished(() => site.close());
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  client = clientEnvironment();
  cache = join(client.home, '.cache/kho');
});

function node(words: readonly string[], env: Record<string, string> = {}) {
  const options = { encoding: 'utf8', env: { ...client.env, ...env }, cwd: client.home } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, words, options);
  return { status, stdout, stderr };
}

const build = (env?: Record<string, string>) => node([KHO, 'build', site.root, '--quiet', '--jobs', '2'], env);
const FINE = { status: 0, stdout: '', stderr: '' };
const codeFile = () => join(cache, readdirSync(cache)[0] as string);

test.each([
  [
    'in a package of modules',
    (folder: string) => {
      writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
      return copyTo(join(folder, 'kho.js'));
    },
  ],
  ['alone', (folder: string) => copyTo(join(folder, 'kho.js'))],
  ['as kho.cjs', (folder: string) => copyTo(join(folder, 'kho.cjs'))],
  ['as kho.mjs', (folder: string) => copyTo(join(folder, 'kho.mjs'))],
  ['without an extension', (folder: string) => copyTo(join(folder, 'kho'))],
  [
    'through a link',
    (folder: string) => {
      symlinkSync(KHO, join(folder, 'kho'));
      return join(folder, 'kho');
    },
  ],
])('kho runs %s, in two threads too', (_how, put) => {
  const program = put(client.home);
  expect(node([program, '--version'])).toEqual({ ...FINE, stdout: `${version}\n` });
  expect(node([program, 'build', site.root, '--quiet', '--jobs', '2'])).toEqual(FINE);
  expect(node([program, 'list', site.root]).stdout).toContain('foo');
});

test('the pages that it makes are those of the source, letter by letter', async () => {
  site.put('kho.toml', 'title = "Kho gói của nông trại"\nlanguage = "vi"\n');
  await site.build();
  const ofSource = site.snapshot();
  site.remove('.kho', 'index.html', 'project', 'glibc/index.html', 'glibc/project', 'glibc/simple');
  expect(build()).toEqual(FINE);
  expect(site.snapshot()).toEqual(ofSource);
});

test('a build keeps compiled code where only its user can write, and the next ones run it', () => {
  expect(node([KHO, 'list', site.root]).status).toBe(0);
  expect(() => readdirSync(cache)).toThrow('ENOENT');

  expect(build()).toEqual(FINE);
  const kept = statSync(codeFile());
  expect([kept.mode & 0o777, statSync(cache).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(kept.size).toBeGreaterThan(100_000);

  expect(build()).toEqual(FINE);
  expect(statSync(codeFile())).toMatchObject({ ino: kept.ino, mtimeMs: kept.mtimeMs }); // V8 took it: else it would be made again
});

test.each([
  ['empty', () => Buffer.alloc(0)],
  ['cut short', (code: Buffer) => code.subarray(0, code.length / 2)],
  ['no code at all', () => Buffer.from('process.exit(3)')],
  ['damaged', (code: Buffer) => Buffer.from(code).fill(0xff, code.length / 2)],
])('compiled code that is %s is made again', (_what, change) => {
  build();
  const code = readFileSync(codeFile());
  writeFileSync(codeFile(), change(code));
  expect(build()).toEqual(FINE);
  expect(statSync(codeFile()).size).toBeGreaterThan(100_000);
  expect(readdirSync(cache)).toHaveLength(1);
});

test('the compiled code of another kho goes, that of another Node stays', () => {
  build();
  const name = readdirSync(cache)[0] as string;
  copyFileSync(codeFile(), join(cache, name.replace(/\w{16}$/, '0123456789abcdef')));
  copyFileSync(codeFile(), join(cache, name.replace(process.version, 'v22.1.0')));
  writeFileSync(join(cache, name), 'not any more');
  build();
  expect(readdirSync(cache).sort()).toEqual([name, name.replace(process.version, 'v22.1.0')].sort());
});

test.each([
  [
    'others may write to',
    (folder: string) => {
      mkdirSync(folder);
      chmodSync(folder, 0o777);
    },
  ],
  ['is a file', (folder: string) => writeFileSync(folder, '')],
])('nothing is kept, and nothing said, in a cache folder that %s', (_what, make) => {
  const folder = join(client.home, 'cache');
  make(folder);
  expect(build({ XDG_CACHE_HOME: folder })).toEqual(FINE);
  expect(statSync(folder).isFile() ? [] : readdirSync(folder)).toEqual([]);
});

function copyTo(path: string): string {
  copyFileSync(KHO, path);
  return path;
}
