/**
 * An uploader who may write in packages/ swaps what lies there, again and again, while kho builds: as root, and as its own user. What
 * lies outside of the site stays as it was, and nothing of it is ever published.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleAsUser } from '../support/bundle-as-user.ts';
import { makeWheel } from '../support/make-package.ts';
import { TestSite } from '../support/site.ts';

/** Only root can be others; CI is. */
const IS_ROOT = process.getuid?.() === 0;
const GROUP = 54_330;
const KHO = 54_332;
const UPLOADER = 54_331;
const SECRET = 'Secret-of-somebody-else';
const SWAPPING_MS = 8000;

const asRoot = bundleAsUser({});
const asKho = bundleAsUser({ uid: KHO, gid: KHO });

let site: TestSite;
let outside: string;
beforeEach(() => {
  if (!IS_ROOT) return;
  outside = mkdtempSync(join(tmpdir(), 'kho-outside-'));
  chmodSync(outside, 0o755);
  for (const [name, owner] of [
    ['of-root', 0],
    ['of-kho', KHO],
  ] as const) {
    mkdirSync(join(outside, name, 'deep'), { recursive: true });
    for (const file of ['secret', 'foo-1.0-py3-none-any.whl', 'deep/zoo-1.0-py3-none-any.whl.metadata', 'index.html'])
      writeFileSync(join(outside, name, file), SECRET, { mode: 0o600 });
    for (const path of ['', 'deep', 'secret', 'foo-1.0-py3-none-any.whl', 'deep/zoo-1.0-py3-none-any.whl.metadata'])
      chownSync(join(outside, name, path), owner, owner);
  }
  site = new TestSite(mkdtempSync(join(tmpdir(), 'kho-hostile-')));
  chmodSync(site.root, 0o755);
  for (const name of ['foo', 'zoo']) site.wheel('glibc', { name, version: '1.0' });
  site.wheel('glibc', { name: 'bar', version: '1.0' });
  site.put('glibc/packages/sub/deep-1.0-py3-none-any.whl', makeWheel({ name: 'deep', version: '1.0' }));
  for (const path of ['', 'glibc', 'kho.toml']) if (path !== 'kho.toml') chownSync(join(site.root, path), KHO, KHO);
  for (const path of ['glibc/packages', 'glibc/packages/sub']) {
    chownSync(join(site.root, path), KHO, GROUP);
    chmodSync(join(site.root, path), 0o2775);
  }
});
afterEach(() => {
  if (!IS_ROOT) return;
  site.close();
  rmSync(outside, { recursive: true });
});

/** Names, bytes, modes and owners. */
function stateOfOutside(): string[] {
  return readdirSync(outside, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const stats = lstatSync(join(outside, path));
      const bytes = stats.isFile() ? readFileSync(join(outside, path), 'utf8') : '';
      return [path, stats.mode.toString(8), stats.uid, stats.mtimeMs, bytes].join(' ');
    });
}

/** Runs as the uploader until it is ended. */
const SWAPPER = `
  const fs = require('node:fs');
  const { execFileSync } = require('node:child_process');
  const [packages, outside] = process.argv.slice(1);
  process.chdir(packages);
  const attempt = (act) => { try { act(); } catch {} };
  attempt(() => execFileSync('mkfifo', ['.pipe']));
  attempt(() => fs.mkdirSync('.kho-999999-0123456789ab-7'));
  const dead = '.kho-999999-0123456789ab-7';
  const places = [
    ['sub', outside + '/of-kho/deep', 'dir'], ['sub', outside + '/of-root/deep', 'dir'],
    ['zoo-1.0-py3-none-any.whl.yanked', outside + '/of-kho/secret'], ['zoo-1.0-py3-none-any.whl.yanked', outside + '/of-root/secret'],
    ['foo-1.0-py3-none-any.whl', outside + '/of-kho/secret'], ['zoo-1.0-py3-none-any.whl.metadata', '/dev/zero'],
    ['bar-1.0-py3-none-any.whl.provenance', outside + '/of-root/secret'], ['bar-1.0-py3-none-any.whl.metadata', '.pipe'],
    [dead, outside + '/of-kho', 'dir'], [dead, outside + '/of-root', 'dir'],
  ];
  const end = Date.now() + ${SWAPPING_MS};
  for (let turn = 0; Date.now() < end; turn++) {
    const [name, target] = places[turn % places.length];
    const aside = '.aside-' + name;
    attempt(() => fs.symlinkSync(target, '.link'));
    attempt(() => fs.renameSync(name, aside));
    attempt(() => fs.renameSync('.link', name));
    for (let spin = 0; spin < (turn * 7919) % 4000; spin++);
    attempt(() => fs.unlinkSync(name));
    attempt(() => fs.renameSync(aside, name));
    if (name.endsWith('.yanked')) attempt(() => fs.writeFileSync(name, 'a reason'));
  }
`;

test.runIf(IS_ROOT).each([
  ['its own user', asKho],
  ['root', asRoot],
])(
  'as %s kho is led nowhere by an uploader who swaps files and folders for links',
  async (_who, bundle) => {
    const before = stateOfOutside();
    const swapper = spawn(
      'setpriv',
      [
        ...['--reuid', String(UPLOADER), '--regid', String(GROUP), '--groups', String(GROUP)],
        ...[process.execPath, '-e', SWAPPER, join(site.root, 'glibc/packages'), outside],
      ],
      { stdio: 'ignore', env: { PATH: process.env['PATH'] } },
    );
    const ended = new Promise((resolve) => swapper.on('exit', resolve));
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    let builds = 0;
    while (!isOver) {
      for (const path of ['glibc/simple', 'glibc/pypi', '.kho'])
        if (builds % 4 === 3) rmSync(join(site.root, path), { recursive: true, force: true });
      const { status, stderr, signal } = bundle.run('build', site.root, '--quiet');
      expect([0, 2], `${signal} ${stderr}`).toContain(status);
      expect(stderr).not.toContain('internal error');
      expect(
        spawnSync('grep', ['-rls', SECRET, site.root, '--exclude-dir=packages'], { encoding: 'utf8' }).stdout,
      ).toBe('');
      builds++;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(builds).toBeGreaterThan(3);
    expect(stateOfOutside()).toEqual(before);
  },
  120_000,
);

test.runIf(IS_ROOT)(
  'what an uploader left there keeps no build from its end, and what looks like a leftover of kho stays',
  () => {
    const uploaders = join(site.root, 'glibc/packages/closed');
    site.put('glibc/packages/closed/shut-1.0-py3-none-any.whl', makeWheel({ name: 'shut', version: '1.0' }));
    for (const path of ['', 'shut-1.0-py3-none-any.whl']) chownSync(join(uploaders, path), UPLOADER, GROUP);
    symlinkSync('/dev/zero', join(uploaders, 'shut-1.0-py3-none-any.whl.metadata'));
    site.put('glibc/packages/.kho-999999-0123456789ab-1/precious', 'x');
    for (const path of ['', 'precious'])
      chownSync(join(site.root, 'glibc/packages/.kho-999999-0123456789ab-1', path), UPLOADER, GROUP);
    for (const bundle of [asKho, asRoot]) {
      const line = [process.execPath, bundle.path(), 'build', site.root, '--quiet'];
      const as = bundle === asKho ? ['setpriv', '--reuid', String(KHO), '--regid', String(KHO), '--clear-groups'] : [];
      const { status } = spawnSync('timeout', ['--signal=KILL', '20', ...as, ...line], {
        env: { PATH: process.env['PATH'] },
      });
      expect(status).toBe(0);
      expect(site.listed('glibc', 'shut')).toEqual(['shut-1.0-py3-none-any.whl']);
      expect(site.read('glibc/packages/.kho-999999-0123456789ab-1/precious')).toBe('x');
    }
  },
);

test.runIf(IS_ROOT)('no call opens, changes or removes by path what others may swap', () => {
  const trace = join(outside, 'trace');
  const calls =
    'open,openat,creat,chmod,fchmodat,chown,fchownat,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,utimensat,utime,utimes,truncate';
  for (const round of [1, 2]) {
    const words = [
      '-f',
      '-qq',
      '-e',
      `trace=${calls}`,
      '-o',
      trace,
      process.execPath,
      asRoot.path(),
      'build',
      site.root,
      '--quiet',
    ];
    const { status, stderr } = spawnSync('strace', words, { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const byPath = readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => line.includes(`"${site.root}/`));
    // Settings are the owner's; all else is reached through folders held open.
    expect(byPath.filter((line) => !line.includes(`"${site.root}/kho.toml"`))).toEqual([]);
    site.remove('glibc/packages/bar-1.0-py3-none-any.whl');
    site.put('glibc/packages/zoo-1.0-py3-none-any.whl.yanked', `round ${round}`);
    site.wheel('glibc', { name: 'bar', version: '1.0', description: `${round}` });
  }
});
