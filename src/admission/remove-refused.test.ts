import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from '../../test/support/run-command.ts';
import { TestSite } from '../../test/support/site.ts';
import { keepPage } from '../kept-upstream/kept-page.ts';
import type { Policy } from '../policy/policy.ts';
import { normalizeName } from '../standards/name.ts';
import type { UpstreamPage } from '../upstream-model.ts';
import { removeRefused } from './remove-refused.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const FOO = { upstream: 'public', project: normalizeName('foo') };

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  site.wheel('a', { name: 'foo', version: '1.0' });
});
afterEach(() => site.close());

const wheel = (version: string) => `foo-${version}-py3-none-any.whl`;
const pathOf = (filename: string) => `upstream/public/packages/foo/${filename}`;

/** @param versions with the day in November on which each was published */
function keep(versions: Record<string, number>, more: Partial<UpstreamPage> = {}): void {
  const files = Object.entries(versions).map(([version, day]) => ({
    ...{ filename: wheel(version), url: `https://files.example/${wheel(version)}`, version, sha256: 'a'.repeat(64) },
    uploadTime: `2026-11-${String(day).padStart(2, '0')}T12:00:00Z`,
  }));
  const header = { bodySha256: 'b'.repeat(64), form: 'json' as const, files: files.length, changedMs: NOW };
  keepPage(site.root, { ...FOO, index: 'https://index.example/simple/', files, ...more }, header);
  for (const version of Object.keys(versions)) keepFile(version);
}

function keepFile(version: string): void {
  site.put(pathOf(wheel(version)), 'bytes');
  site.put(pathOf(`${wheel(version)}.metadata`), 'bytes');
}

function left(): string[] {
  const versions = ['1.0', '1.1', '2.0', '3.0'].filter((version) =>
    existsSync(join(site.root, pathOf(wheel(version)))),
  );
  const hasMetadata = (version: string) => existsSync(join(site.root, pathOf(`${wheel(version)}.metadata`)));
  expect(versions.every(hasMetadata)).toBe(true);
  return versions;
}

const remove = (policy: Partial<Policy>) =>
  removeRefused({ root: site.root, of: FOO, policy: { advisories: [], ...policy }, nowMs: NOW });

test.each<[what: string, policy: Partial<Policy>, left: string[]]>([
  ['nothing without a rule', {}, ['1.0', '1.1', '2.0']],
  ['what is denied', { deny: [{ specifiers: '<2' }] }, ['2.0']],
  ['what is not allowed', { allow: [{ specifiers: '==1.1' }] }, ['1.1']],
  ['what has other bytes than what is allowed', { allow: [{ specifiers: '', sha256s: new Set(['c']) }] }, []],
  ['what is too young', { cooldownMs: 7 * 86_400_000 }, ['1.0', '1.1']],
  [
    'known malware',
    { advisories: [{ id: 'MAL-1', aliases: [], summary: '', versions: ['1.1'], ranges: [] }] },
    ['1.0', '2.0'],
  ],
])('removeRefused() removes %s, with its metadata', (_what, policy, expected) => {
  keep({ '1.0': 1, '1.1': 2, '2.0': 28 });
  expect(remove(policy)).toBe(2 * (3 - expected.length));
  expect(left()).toEqual(expected);
  if (expected.length < 3) expect(site.read('.kho-keep/log-000001')).toContain('removed what was kept: it');
});

test('removeRefused() judges what no page tells of by its name, and by nothing that its name does not tell', () => {
  keep({ '1.0': 1 });
  keepFile('3.0');
  expect([remove({ cooldownMs: 7 * 86_400_000 }), left()]).toEqual([0, ['1.0', '3.0']]);
  expect([remove({ deny: [{ specifiers: '>=3' }] }), left()]).toEqual([2, ['1.0']]);
});

test('removeRefused() removes all of what is in quarantine where it came from', () => {
  keep({ '1.0': 1, '2.0': 2 }, { status: 'quarantined' });
  expect([remove({}), left()]).toEqual([4, []]);
});

test('kho build removes once what kho.toml refuses by now, and kho cache trim each time', async () => {
  const settings = (more: string) =>
    site.put('kho.toml', `shared = ["foo"]\n[upstreams.public]\nurl = "https://index.example/simple/"\n${more}\n`);
  keep({ '1.0': 1, '1.1': 2, '2.0': 28 });
  settings('');
  expect((await runCommand(['build', site.root])).talk).not.toContain('may not come in');
  settings('deny = ["foo==1.1"]');
  const { talk } = await runCommand(['build', site.root]);
  expect(talk).toContain('kho: of what is kept of other indexes, 2 files may not come in any more, and are removed\n');
  expect([left(), existsSync(join(site.root, `a/packages/${wheel('1.0')}`))]).toEqual([['1.0', '2.0'], true]);
  keepFile('1.1');
  await runCommand(['build', site.root]);
  expect(left()).toEqual(['1.0', '1.1', '2.0']);
  await runCommand(['build', site.root, '--dry-run']);
  await runCommand(['cache', 'trim', '--site', site.root, '--to', '1GB']);
  expect(left()).toEqual(['1.0', '2.0']);
});
