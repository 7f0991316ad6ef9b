import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundleAsUser } from '../support/bundle-as-user.ts';
import { TestSite } from '../support/site.ts';

/** Root may do anything, so kho runs as nobody here; for anybody else the modes are enough. */
const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65534;
const bundle = bundleAsUser(IS_ROOT ? { uid: NOBODY, gid: NOBODY } : {});

const kho = (site: TestSite, ...words: string[]) => bundle.run('build', site.root, ...words);

/** A site that belongs to whoever kho runs as. */
function makeSite(): TestSite {
  const site = new TestSite();
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.sdist('musl', { name: 'bar', version: '1.0' });
  if (IS_ROOT)
    for (const path of ['.', ...readdirSync(site.root, { recursive: true, encoding: 'utf8' })])
      chownSync(join(site.root, path), NOBODY, NOBODY);
  onTestFinished(() => {
    for (const path of ['.', 'glibc', 'glibc/packages']) chmodSync(join(site.root, path), 0o755);
    site.close();
  });
  return site;
}

test.each(['glibc/packages', 'glibc'])(
  'a %s that cannot be read stops the run, and leaves the published site as it was',
  (closed) => {
    const site = makeSite();
    expect(kho(site).status).toBe(0);
    const before = site.snapshot();
    site.wheel('musl', { name: 'new', version: '1.0' });
    chmodSync(join(site.root, closed), 0);
    const { status, stderr } = kho(site);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^kho: Cannot .*glibc.* \[READ\]/);
    expect(stderr).toMatch(/hint: /);
    chmodSync(join(site.root, closed), 0o755);
    site.remove('musl/packages/new-1.0-py3-none-any.whl');
    expect(site.snapshot()).toEqual(before);
  },
);

test('a packages/ that may not be written to is listed without metadata, said once, until it may', () => {
  const site = makeSite();
  site.wheel('glibc', { name: 'baz', version: '1.0' });
  chmodSync(join(site.root, 'glibc/packages'), 0o555);
  const first = kho(site, '--json');
  expect(first.status).toBe(0);
  expect(JSON.parse(first.stdout).notes).toMatchObject([{ code: 'read-only-packages', file: 'glibc/packages' }]);
  expect(site.json('glibc/simple/foo/index.json').files[0]).not.toHaveProperty('core-metadata');
  expect(existsSync(join(site.root, 'glibc/packages/foo-1.0-py3-none-any.whl.metadata'))).toBe(false);
  chmodSync(join(site.root, 'glibc/packages'), 0o755);
  expect(JSON.parse(kho(site, '--json').stdout).notes).toEqual([]);
  expect(site.json('glibc/simple/foo/index.json').files[0]).toHaveProperty('core-metadata');
});

test('a site that may not be written to is an error that says so', () => {
  const site = makeSite();
  chmodSync(site.root, 0o555);
  const { status, stderr } = kho(site);
  expect(status).toBe(2);
  expect(stderr).toMatch(/Cannot make folder ".*\.kho" \[WRITE\]\n {2}because: EACCES/);
});

test('a file that kho may not read is held, and the rest is listed', () => {
  const site = makeSite();
  const secret = site.wheel('glibc', { name: 'secret', version: '1.0' });
  chmodSync(join(site.root, secret), 0);
  const report = JSON.parse(kho(site, '--json').stdout);
  expect(report.problems).toMatchObject([{ code: 'not-readable', file: secret }]);
  expect(site.json('glibc/simple/index.json').projects).toEqual([{ name: 'foo' }]);
});

test('a file that only its owner may read is listed, and reported with the line that mends it', () => {
  const site = makeSite();
  chmodSync(join(site.root, 'glibc/packages/foo-1.0-py3-none-any.whl'), 0o600);
  const report = JSON.parse(kho(site, '--json').stdout);
  expect(report.problems).toMatchObject([{ code: 'not-readable-by-others' }]);
  expect(spawnSync('sh', ['-c', report.problems[0].hint]).status).toBe(0);
  expect(JSON.parse(kho(site, '--json').stdout).problems).toEqual([]);
  expect(kho(site, '--strict').status).toBe(0);
});

test('a disk that is full is an error, and what was published before still stands', () => {
  const site = makeSite();
  for (let project = 0; project < 40; project++) site.wheel('glibc', { name: `p${project}`, version: '1.0' });
  const disk = mkdtempSync(join(tmpdir(), 'kho-disk-'));
  const keep = mkdtempSync(join(tmpdir(), 'kho-keep-'));
  onTestFinished(() => {
    for (const path of [disk, keep]) rmSync(path, { recursive: true });
  });
  // A disk of its own, so small that the pages of forty more projects do not fit; it goes with the shell.
  const script = `set -e
    mount -t tmpfs -o size=6m,mode=755 none '${disk}'
    mkdir -p '${disk}/glibc/packages'; cp '${site.root}'/glibc/packages/p0-* '${disk}/glibc/packages/'
    '${process.execPath}' '${bundle.path()}' build '${disk}' --quiet
    cp -R '${disk}/glibc' '${keep}/before'
    cp '${site.root}'/glibc/packages/*.whl '${disk}/glibc/packages/'
    head -c 6m /dev/zero > '${disk}/filler' || true
    set +e; '${process.execPath}' '${bundle.path()}' build '${disk}' --quiet; code=$?; set -e
    cp -R '${disk}/glibc' '${keep}/after'; rm '${disk}/filler'
    '${process.execPath}' '${bundle.path()}' build '${disk}' --quiet; cp -R '${disk}/glibc' '${keep}/mended'
    exit $code`;
  const unshare = IS_ROOT ? ['--mount'] : ['--mount', '--map-root-user'];
  const { status, stderr } = spawnSync('unshare', [...unshare, 'sh', '-c', script], { encoding: 'utf8' });
  expect(stderr).toMatch(/kho: Cannot write ".*" \[WRITE\]\n {2}because: ENOSPC.*\n\nhint: free some space/s);
  expect(status).toBe(2);
  const inKeep = (name: string) =>
    Object.entries(site.snapshot(join(keep, name))).filter(([path]) => !path.startsWith('packages/'));
  expect(inKeep('after')).toEqual(inKeep('before'));
  expect(inKeep('mended').length).toBeGreaterThan(120);
});
