import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundleAsUser } from '../support/bundle-as-user.ts';
import { makeWheel } from '../support/make-package.ts';
import { TestSite } from '../support/site.ts';

/** Who uploads, whom kho runs as, and the group that both are in: numbers that need no account. */
const UPLOADER = 64001;
const KHO = 64002;
const GROUP = 64003;

const bundle = bundleAsUser({ uid: KHO, gid: GROUP });

const name = (version: string) => `foo-${version}-py3-none-any.whl`;

test.skipIf(process.getuid?.() !== 0)('kho takes up what another user of its group uploads', () => {
  const site = new TestSite();
  onTestFinished(() => site.close());
  for (const path of ['.', 'glibc', 'glibc/packages', 'incoming', 'incoming/closed']) {
    mkdirSync(join(site.root, path), { recursive: true });
    const isUploaders = path.startsWith('incoming/');
    chownSync(join(site.root, path), isUploaders ? UPLOADER : KHO, GROUP);
    chmodSync(join(site.root, path), isUploaders ? 0o755 : 0o2775);
  }
  const upload = (path: string, version: string, mode: number) => {
    const full = join(site.root, site.put(`${path}/${name(version)}`, makeWheel({ name: 'foo', version })));
    chownSync(full, UPLOADER, GROUP);
    chmodSync(full, mode);
  };
  upload('incoming', '1.0', 0o640); // umask 027
  upload('incoming', '2.0', 0o664);
  upload('incoming', '3.0', 0o600); // umask 077: kho may not read it
  upload('incoming/closed', '4.0', 0o644); // kho may not take it away

  const run = () => bundle.run('build', site.root, '--json');
  const { status, stdout, stderr } = run();
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const { problems } = JSON.parse(stdout);
  expect(problems.map(({ code, file }: { code: string; file: string }) => [code, file])).toEqual([
    ['not-moved', `incoming/closed/${name('4.0')}`],
    ['not-readable', `incoming/${name('3.0')}`],
  ]);
  expect(problems[0].what).toBe(
    `stays where it is: kho may not take files out of "incoming/closed", a folder of user ${UPLOADER}`,
  );
  const line = problems[0].hint.slice(problems[0].hint.indexOf(': ') + 2);
  const facts = (version: string) => {
    const { mode, uid } = statSync(join(site.root, 'glibc/packages', name(version)));
    return [mode & 0o777, uid];
  };
  expect(facts('1.0')).toEqual([0o644, KHO]);
  expect(facts('2.0')).toEqual([0o644, KHO]); // its owner could go on writing to it
  expect(site.listed('glibc', 'foo')).toEqual([name('1.0'), name('2.0')]);
  // The line in the hint is one that its owner can type; after it, the file is taken up.
  expect(spawnSync('sh', ['-c', line], { uid: UPLOADER, gid: GROUP, encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
  expect(run().status).toBe(0);
  expect(site.listed('glibc', 'foo')).toContain(name('4.0'));
});
