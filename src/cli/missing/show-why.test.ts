/** Why a machine gets what it gets where other indexes stand behind a repository. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { advisoryZip, osvRecord } from '../../../test/support/make-advisories.ts';
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

async function why(...words: string[]): Promise<string> {
  return (await runCommand(['why', '--site', site.root, '--for', 'glibc-x86_64', '--python', '3.11', ...words])).out;
}

function settings(upstream: string, top = ''): void {
  site.put(
    'kho.toml',
    `${top}\n[upstreams.public]\n${upstream}\n[repositories.a]\nplatforms = ["glibc-x86_64", "windows"]\nupstreams = ["public"]\n`,
  );
}

const wheel = (version: string) => `foo-${version}-py3-none-any.whl`;
const OLD = '2026-01-02T03:04:05Z';

/** A page of the upstream, as kho keeps it. */
function keep(files: Record<string, string>): void {
  const header = { format: 1, bodySha256: 'a', form: 'json', files: 1, changedMs: 1 };
  const about = { upstream: 'public', index: 'https://index.example/simple/', project: 'foo' };
  const listed = Object.entries(files).map(([version, uploadTime]) => ({
    ...{
      filename: wheel(version),
      url: `https://index.example/${wheel(version)}`,
      sha256: 'b'.repeat(64),
      version,
      uploadTime,
    },
  }));
  site.put(
    'upstream/public/pages/foo.json',
    `${JSON.stringify({ _kho: header }).slice(0, -1)},\n${JSON.stringify({ ...about, files: listed }).slice(1)}`,
  );
}

test('kho why tells of files that are not let in, of each the reason', async () => {
  site.put('osv.zip', advisoryZip(osvRecord('MAL-1', 'foo', { versions: ['1.2'] })));
  settings('cooldown = "7d"\ndeny = ["foo==1.1"]', 'shared = ["foo"]\n[advisories]\nfrom = "osv.zip"');
  site.wheel('a', { name: 'foo', version: '0.9' });
  await site.build();
  keep({ '1.0': OLD, '1.1': OLD, '1.2': OLD, '1.3': '2999-01-01T00:00:00Z', '0.9': OLD });
  expect((await why('foo')).split('\n')).toEqual([
    `glibc-x86_64, Python 3.11 in a takes ${wheel('1.0')}`,
    `  ${wheel('0.9')}  is older than 1.0`,
    `  ${wheel('1.1')}  not let in from public: it is denied: ==1.1`,
    `  ${wheel('1.2')}  not let in from public: it is known malware (MAL-1)`,
    `  ${wheel('1.3')}  not let in from public: it is of a release that is not old enough: listed from 2999-01-08 00:00 UTC on`,
    '',
  ]);
  const [target] = JSON.parse(await why('foo', '--json')).targets;
  expect(target).toMatchObject({
    takes: wheel('1.0'),
    upstream: 'public',
    refused: [{ filename: wheel('1.1'), why: 'is denied: ==1.1' }, {}, {}],
  });
});

test('kho why tells that nobody is asked for an own name, and where no page is kept', async () => {
  settings('');
  site.wheel('a', { name: 'foo', version: '1.0' });
  site.wheel('a', { name: 'bar', version: '1.0' });
  await site.build();
  keep({ '2.0': OLD });
  expect(await why('foo')).toContain(`takes ${wheel('1.0')}\n  foo is your own: no other index is asked for it\n`);
  expect(await why('unknown')).toContain(
    'takes nothing\n  no page of public is kept: what is there is known once a client has asked for it\n',
  );
});

test('kho why changes nothing', async () => {
  site.put('osv.zip', advisoryZip(osvRecord('MAL-1', 'foo', { versions: ['2.0'] })));
  settings('cooldown = "7d"', '[advisories]\nfrom = "osv.zip"');
  site.wheel('a', { name: 'farm', version: '1.0' });
  await site.build();
  keep({ '2.0': OLD });
  const kept = site.put(`upstream/public/packages/foo/${wheel('2.0')}`, 'bytes');
  site.put('osv.zip', advisoryZip(osvRecord('MAL-1', 'foo', { versions: ['3.0'] })), new Date(1));
  const before = [site.snapshot(), site.read('.kho/advisories')];
  expect(await why('foo')).toContain('it is known malware (MAL-1)');
  expect([site.snapshot(), site.read('.kho/advisories')]).toEqual(before);
  expect(site.read(kept)).toBe('bytes');
});

test.each([
  ['pip', `takes ${wheel('2.0rc1')}`],
  ['uv', 'takes nothing'],
])('kho why --client %s', async (client, expected) => {
  settings('');
  site.wheel('a', { name: 'foo', version: '2.0rc1' });
  site.wheel('a', { name: 'foo', version: '1.0', tag: 'cp312-cp312-win_amd64' });
  await site.build();
  expect(await why('foo', '--client', client)).toContain(expected);
});
