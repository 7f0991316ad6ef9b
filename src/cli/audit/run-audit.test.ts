import { afterEach, beforeEach, expect, test } from 'vitest';
import { advisoryZip, osvRange, osvRecord } from '../../../test/support/make-advisories.ts';
import { runCommand } from '../../../test/support/run-command.ts';
import { TestSite } from '../../../test/support/site.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  process.exitCode = undefined;
});
afterEach(() => {
  process.exitCode = undefined;
  site.close();
});

const audit = (...words: string[]) => runCommand(['audit', site.root, ...words]);

const HIGH = osvRecord('GHSA-1', 'Foo', osvRange({ introduced: '0' }, { fixed: '1.2' }), {
  ...{ aliases: ['CVE-2026-1'], database_specific: { severity: 'HIGH' }, summary: 'Reads \u202efiles\u001b[2J <b>' },
});
const OWN = osvRecord('MAL-1', 'farm', osvRange({ introduced: '0' }));

function makeSite(more = ''): void {
  site.put('kho.toml', `own = ["farm"]\n${more}[advisories]\nfrom = "osv.zip"\n`);
  site.put('osv.zip', advisoryZip(HIGH, OWN));
  for (const version of ['1.0', '1.1', '1.2']) site.wheel('glibc', { name: 'Foo', version });
  site.wheel('glibc', { name: 'farm', version: '1.0' });
}

test('kho audit tells of the files of a site that have known holes, and of no name that is own', async () => {
  makeSite();
  const { out, exitCode } = await audit();
  expect(out).toBe(
    [
      'foo 1.1  glibc/packages/Foo-1.1-py3-none-any.whl',
      '  high      GHSA-1, CVE-2026-1, closed in 1.2: Reads  files [2J <b>',
      'foo 1.0  glibc/packages/Foo-1.0-py3-none-any.whl',
      '  high      GHSA-1, CVE-2026-1, closed in 1.2: Reads  files [2J <b>',
      '',
      '3 versions looked at, 2 known holes in 2 of them',
      'by 2 advisories of osv.zip, the newest of 2026-11-01',
      'not looked for, since they are your own: farm',
      '',
    ].join('\n'),
  );
  expect(exitCode).toBe(0);
});

test.each([
  ['low', 1],
  ['high', 1],
  ['critical', 0],
  ['malware', 0],
])('kho audit --fail-on %s exits with %i for a hole that is high', async (level, expected) => {
  makeSite();
  expect((await audit('--fail-on', level)).exitCode).toBe(expected);
});

test('kho audit -r looks at what a lock pins, and prints it as JSON', async () => {
  makeSite();
  site.put('needs.txt', 'foo==1.1 ; sys_platform == "win32"\nbar>=2\nfarm==1.0\nbaz==1\n');
  const { out } = await audit('-r', `${site.root}/needs.txt`, '--json');
  expect(JSON.parse(out)).toEqual({
    advisories: { from: 'osv.zip', advisories: 2, unread: 0, newest: '2026-11-01T00:00:00Z' },
    ...{ looked: 2, own: ['farm'], unpinned: ['bar>=2'], notes: [] },
    releases: [
      {
        ...{ project: 'foo', version: '1.1', where: [`${site.root}/needs.txt line 1`] },
        holes: [
          { id: 'GHSA-1', aliases: ['CVE-2026-1'], severity: 'high', summary: 'Reads  files [2J <b>', fixed: ['1.2'] },
        ],
      },
    ],
  });
});

test('kho audit looks at public wheels that were brought by hand, as long as nobody has decided', async () => {
  makeSite();
  site.put('kho.toml', '[advisories]\nfrom = "osv.zip"\n');
  await site.build();
  const { out, exitCode } = await audit('--fail-on', 'malware');
  expect(out).toContain('\n  malware   MAL-1: What MAL-1 is about\n');
  expect(exitCode).toBe(1);
});

test('kho audit looks at files of other indexes that are kept', async () => {
  makeSite('[upstreams.public]\nurl = "https://index.example/simple/"\n');
  site.put('upstream/public/packages/foo/foo-0.9-py3-none-any.whl', 'bytes');
  site.put('upstream/public/packages/foo/foo-0.9-py3-none-any.whl.metadata', 'bytes');
  const { out } = await audit();
  expect(out).toContain('\nfoo 0.9  upstream/public/packages/foo/foo-0.9-py3-none-any.whl\n  high      GHSA-1');
  expect(out).toContain('4 versions looked at');
});

test('kho audit stops where there are no advisories', async () => {
  site.wheel('glibc', { name: 'Foo', version: '1.0' });
  await expect(audit()).rejects.toThrow('kho.toml names no advisories');
  site.put('kho.toml', '[advisories]\nfrom = "https://advisories.example/all.zip"\n');
  await expect(audit('--offline')).rejects.toThrow('nothing was ever read of "https://');
});
