/** Uploads where root and the service are different users, and where the disk is as full as it gets. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundleAsUser } from '../support/bundle-as-user.ts';
import { makeWheel, wheelFilename } from '../support/make-package.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { ServedKho } from '../support/served-kho.ts';
import { until } from '../support/served-uploads.ts';
import { uploadForm } from '../support/upload-form.ts';

const IS_ROOT = process.getuid?.() === 0;
/** A number that no account has. */
const OWNER = 54_334;
const asRoot = bundleAsUser({});
const asOwner = bundleAsUser({ uid: OWNER, gid: OWNER });

function makeSite(folder: string, settings: string): string {
  const site = join(folder, 'PyPI');
  mkdirSync(join(site, 'glibc/packages'), { recursive: true });
  writeFileSync(join(site, 'kho.toml'), `[upload]\nenabled = true\n${settings}`);
  chmodSync(folder, 0o755);
  for (const path of ['', 'glibc', 'glibc/packages', 'kho.toml']) chownSync(join(site, path), OWNER, OWNER);
  return site;
}

const tokenOf = (...words: string[]) => {
  const run = asRoot.run('token', ...words, '--json');
  expect([run.status, run.stderr]).toEqual([0, expect.anything()]);
  return JSON.parse(run.stdout).token as string;
};

/** Without a length before, as a pipe would be sent. */
function post(url: string, secret: string, name: string, wheel: Uint8Array): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { ...uploadForm.headers, ...uploadForm.authorization(secret), 'Transfer-Encoding': 'chunked' };
    const posted = request(`${url}/glibc/upload/`, { method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    posted.on('error', reject);
    posted.end(uploadForm.of(name, wheel));
  });
}

test.runIf(IS_ROOT)('what "sudo kho token" makes and removes is in force in the service of another user', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kho-users-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const site = makeSite(folder, 'keep_free = "1 MB"\n');
  const secret = tokenOf('add', 'ci', '--site', site);
  const kept = join(site, '.kho-keep');
  for (const path of ['.', ...readdirSync(kept)]) expect([path, statSync(join(kept, path)).uid]).toEqual([path, OWNER]);
  const kho = await ServedKho.start(site, { bundle: asOwner.path(), uid: OWNER, gid: OWNER });
  onTestFinished(() => kho.end('SIGKILL'));
  const foo = { name: 'foo', version: '1.0' };
  expect(await post(kho.url, secret, wheelFilename(foo), makeWheel(foo))).toMatchObject({ status: 200 });
  expect(statSync(join(site, 'glibc/packages', wheelFilename(foo))).uid).toBe(OWNER);
  const second = tokenOf('add', 'other', '--site', site);
  expect(await post(kho.url, second, wheelFilename(foo), makeWheel(foo))).toMatchObject({ status: 200 });
  const rotated = tokenOf('rotate', 'ci', '--overlap', '0', '--site', site);
  expect(await post(kho.url, secret, wheelFilename(foo), makeWheel(foo))).toMatchObject({ status: 401 });
  expect(await post(kho.url, rotated, wheelFilename(foo), makeWheel(foo))).toMatchObject({ status: 200 });
  asRoot.run('token', 'remove', 'ci', '--site', site);
  expect(await post(kho.url, rotated, wheelFilename(foo), makeWheel(foo))).toMatchObject({ status: 401 });
  expect(asOwner.run('token', 'list', '--site', site)).toMatchObject({ status: 0, stderr: '' });
  const log = asOwner.run('log', '--json', '--site', site);
  expect(log.stdout).toContain('"token-remove"');
  for (const each of [secret, second, rotated]) {
    expect(kho.said + log.stdout).not.toContain(each.slice(4, 20));
  }
});

const MAY_MOUNT = IS_ROOT && spawnSync('unshare', ['--mount', 'true']).status === 0;

test.runIf(MAY_MOUNT)(
  'a disk that uploads fill up: each is published or refused in words, and with room again they go on',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kho-full-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'kho-test', folder]).status).toBe(0);
    onTestFinished(() => void spawnSync('umount', ['--lazy', folder]));
    const site = makeSite(folder, 'keep_free = "1 kB"\n');
    const secret = tokenOf('add', 'ci', '--site', site);
    const kho = await ServedKho.start(site, { bundle: asOwner.path(), uid: OWNER, gid: OWNER });
    onTestFinished(() => kho.end('SIGKILL'));
    const random = seededRandom(3);
    const noise = (bytes: number) => Buffer.from(Array.from({ length: bytes }, () => Math.floor(random() * 256)));
    const wheels = new Map<string, Buffer>();
    const statuses: number[] = [];
    for (const [index, size] of [...Array(9).fill(400_000), 200_000, 100_000, 50_000, 20_000, 8000, 3000].entries()) {
      const spec = { name: `f${index}`, version: '1.0', members: { 'noise.bin': noise(size) } };
      const wheel = Buffer.from(makeWheel(spec));
      const told = await post(kho.url, secret, wheelFilename(spec), wheel);
      statuses.push(told.status);
      if (told.status === 200) wheels.set(wheelFilename(spec), wheel);
      else expect(told).toEqual({ status: 507, text: expect.stringContaining('no room left on the disk') });
    }
    expect([...new Set(statuses)].sort()).toEqual([200, 507]);
    const packages = join(site, 'glibc/packages');
    const whole = () => readdirSync(packages).filter((name) => name.endsWith('.whl'));
    expect(whole().sort()).toEqual([...wheels.keys()].sort());
    expect(readdirSync(packages).filter((name) => name.startsWith('.'))).toEqual([]);

    const [first = ''] = wheels.keys();
    rmSync(join(packages, first));
    wheels.delete(first);
    const late = { name: 'late', version: '1.0' };
    expect(await post(kho.url, secret, wheelFilename(late), makeWheel(late))).toMatchObject({ status: 200 });
    wheels.set(wheelFilename(late), Buffer.from(makeWheel(late)));
    for (const [name, wheel] of wheels) {
      const index = `${site}/glibc/simple/${name.split('-')[0]}/index.html`;
      await until(() => statSync(index, { throwIfNoEntry: false }) !== undefined);
      const served = await fetch(`${kho.url}/glibc/packages/${name}`);
      expect(Buffer.from(await served.arrayBuffer()).equals(wheel)).toBe(true);
    }
  },
);
