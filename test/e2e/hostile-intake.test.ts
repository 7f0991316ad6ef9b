/**
 * kho builds again and again while somebody of its group, who may write in incoming/ and packages/, swaps files and folders there for
 * links to what only root or kho may read.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, copyFileSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { bundleAsUser } from '../support/bundle-as-user.ts';
import { makeWheel } from '../support/make-package.ts';
import { TestSite } from '../support/site.ts';

/** Numbers that need no account. */
const UPLOADER = 64001;
const KHO = 64002;
const GROUP = 64003;

const HOSTILE_MS = 10_000;
/** Of one build, before it counts as one that waits for ever. */
const BUILD_MS = 60_000;
const SECRET = 'cOnFiDeNtIaL-0815';

const bundle = bundleAsUser({});

/** All about a file that a change would show; the time of the last access is not. */
function canary(folder: string): Record<string, unknown> {
  return Object.fromEntries(
    ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].sort().map((path) => {
      const { mode, uid, gid, nlink, mtimeMs, ctimeMs, ino } = lstatSync(join(folder, path));
      const bytes = lstatSync(join(folder, path)).isFile() && readFileSync(join(folder, path));
      return [path, { mode, uid, gid, nlink, mtimeMs, ctimeMs, ino, ...(bytes && { hash: hash(bytes) }) }];
    }),
  );
}
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Behind no link: what the uploader leads elsewhere is not in the site. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

test.skipIf(process.getuid?.() !== 0).each([
  ['root', 0],
  ['its own user', KHO],
])(
  'kho, run by %s, neither reads nor changes what is outside of the site, whatever an uploader swaps',
  async (_who, uid) => {
    const [site, outside] = [new TestSite(), new TestSite()];
    onTestFinished(() => {
      for (const one of [site, outside]) one.close();
    });
    const secret = (version: string) =>
      makeWheel({ name: 'foo', version, description: SECRET, members: { secret: SECRET } });
    for (const [path, owner] of Object.entries({
      'root.whl': 0,
      'kho.whl': KHO,
      'folder/foo-1.0-py3-none-any.whl': KHO,
    })) {
      outside.put(path, secret('1.0'));
      chownSync(join(outside.root, path), owner, owner);
      chmodSync(join(outside.root, path), 0o600);
    }
    for (const path of ['reason', 'folder/foo-1.0-py3-none-any.whl.yanked']) {
      chmodSync(join(outside.root, outside.put(path, SECRET)), 0o600);
      chownSync(join(outside.root, path), uid, uid);
    }
    for (let number = 0; number < 50; number++)
      outside.put(`folder/foo-1.${number}-py3-none-any.whl`, secret(`1.${number}`));
    for (const folder of ['', 'folder']) chmodSync(join(outside.root, folder), 0o755);

    site.put('all/packages/sub/foo-1.0-py3-none-any.whl', makeWheel({ name: 'foo', version: '1.0' }));
    site.put('incoming/wheel.txt', makeWheel({ name: 'foo', version: '1.0', description: 'of the uploader' }));
    for (const [path, owner] of Object.entries({
      ...{ '.': uid, all: uid, 'all/packages': uid, incoming: uid },
      ...{ 'all/packages/sub': UPLOADER, 'incoming/sub': UPLOADER },
    })) {
      mkdirSync(join(site.root, path), { recursive: true });
      chownSync(join(site.root, path), owner, GROUP);
      chmodSync(join(site.root, path), /packages|incoming/.test(path) ? 0o2775 : 0o755);
    }
    const before = canary(outside.root);

    const script = bundle.path().replace('kho.cjs', 'hostile.mjs');
    copyFileSync(join(import.meta.dirname, '../support/hostile-uploader.mjs'), script);
    const words = [script, site.root, outside.root, `${HOSTILE_MS}`];
    const uploader = spawn(process.execPath, words, { uid: UPLOADER, gid: GROUP, cwd: '/', stdio: 'pipe' });
    const said = text(uploader.stdout);
    let isOver = false;
    uploader.on('exit', () => {
      isOver = true;
    });
    const ends: (number | null)[] = [];
    for (; !isOver; await new Promise((resolve) => setTimeout(resolve, 1))) {
      const { status, stderr, signal } = spawnSync(process.execPath, [bundle.path(), 'build', site.root], {
        ...{ uid, gid: GROUP, cwd: '/', encoding: 'utf8', timeout: BUILD_MS, killSignal: 'SIGKILL' },
      });
      expect(signal, 'waits for ever').toBe(null);
      expect(stderr).not.toContain('internal error');
      expect(stderr).not.toContain(SECRET);
      ends.push(status);
    }
    expect(canary(outside.root)).toEqual(before);
    const done = JSON.parse(await said);
    for (const what of ['uploaded', 'swapped']) expect(done[what], what).toBeGreaterThan(100);
    expect(ends.length).toBeGreaterThan(2);
    expect(ends, 'builds that came to their end').toContain(0);

    const hashes = new Set(filesBelow(outside.root).map((path) => hash(readFileSync(path))));
    for (const path of filesBelow(site.root)) {
      const bytes = readFileSync(path);
      expect(hashes.has(hash(bytes)), path).toBe(false);
      expect(bytes.includes(SECRET), path).toBe(false);
    }
  },
  120_000,
);
