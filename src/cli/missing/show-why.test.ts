/** Why a machine gets what it gets where other indexes stand behind a repository. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type KeptFileOptions, keepUpstreamPage } from '../../../test/support/keep-upstream-page.ts';
import { advisoryZip, osvRecord } from '../../../test/support/make-advisories.ts';
import { runCommand } from '../../../test/support/run-command.ts';
import { TestSite } from '../../../test/support/site.ts';
import { writeKeptLines } from '../../io/kept-lines.ts';

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
    `${top}\n[upstreams.public]\n${upstream}\n[repositories.a]\nplatforms = ["glibc-x86_64", "windows"]\nglibc = "2.31"\nupstreams = ["public"]\n`,
  );
}

const wheel = (version: string) => `foo-${version}-py3-none-any.whl`;
const OLD = '2026-01-02T03:04:05Z';

/** A page of the upstream, as kho keeps it. */
function keep(files: Record<string, string>): void {
  keepUpstreamPage(
    site,
    'foo',
    Object.entries(files).map(([version, uploadTime]) => ({ version, uploadTime })),
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
    `  ${wheel('0.9')}  not let in from public: it has other bytes than the file of that name here, which is listed`,
    '',
  ]);
  const [target] = JSON.parse(await why('foo', '--json')).targets;
  expect(target).toMatchObject({
    takes: wheel('1.0'),
    upstream: 'public',
    refused: [{ filename: wheel('1.1'), why: 'is denied: ==1.1' }, {}, {}, {}],
  });
});

test('kho why tells that nobody is asked for an own name, whether somebody decided that or nobody has yet', async () => {
  settings('', 'own = ["bar"]');
  for (const name of ['foo', 'bar']) site.wheel('a', { name, version: '1.0' });
  await site.build();
  keep({ '2.0': OLD });
  expect(await why('bar')).toContain('  bar is your own: no other index is asked for it\n');
  expect(await why('foo')).toContain(
    `takes ${wheel('1.0')}\n  foo counts as your own, since nobody has decided, so no other index is asked for it: "kho names shared foo" lets one be asked\n`,
  );
});

test('kho why tells where no page of another index is kept, and how to have one', async () => {
  settings('projects = ["foo", "unknown"]', 'shared = ["foo"]');
  site.wheel('a', { name: 'foo', version: '1.0' });
  await site.build();
  const note = (name: string) =>
    `nothing of ${name} is known from public: no machine has asked for it yet, or it is not there; "kho refresh ${name}" asks now\n`;
  expect(await why('unknown')).toContain(`takes nothing that is known here yet\n  ${note('unknown')}`);
  expect(await why('foo')).toContain(`takes ${wheel('1.0')} of what is here\n  ${note('foo')}`);
  expect(await why('other')).toContain(
    'takes nothing\n  no upstream of "a" is asked for other: kho.toml keeps each to other names (projects)\n',
  );
});

/** A project of which the newest file is not taken, or none: what is there, and the line that tells why. */
interface Example {
  upstream?: string;
  top?: string;
  /** Files of the upstream. */
  theirs?: KeptFileOptions[];
  put?: () => void;
  words?: string[];
  line: string;
}

const MUSL = 'cp311-cp311-musllinux_1_2_x86_64';
const GLIBC = 'cp311-cp311-manylinux_2_17_x86_64';
const sha = (letter: string) => letter.repeat(64);
const lockOf = (line: string) => ({
  put: () => void site.put('requirements.txt', `${line}\n`),
  words: ['-r', 'requirements.txt'],
});

test.each<[string, Example]>([
  [
    'a tag: other machines',
    { theirs: [{ version: '2.0', tag: MUSL }], line: `is for other machines: musllinux_1_2_x86_64` },
  ],
  [
    'a tag: another Python',
    {
      theirs: [{ version: '2.0', tag: 'cp312-cp312-manylinux_2_17_x86_64' }],
      line: 'is for another Python: cp312-cp312',
    },
  ],
  [
    'a tag: a newer libc',
    {
      theirs: [{ version: '2.0', tag: 'cp311-cp311-manylinux_2_39_x86_64' }],
      line: 'needs a newer libc than these machines have (2.31)',
    },
  ],
  [
    'Requires-Python',
    {
      theirs: [{ version: '2.0', requiresPython: '>=3.12' }],
      line: 'is not for this Python: Requires-Python is >=3.12',
    },
  ],
  [
    'yanked',
    {
      theirs: [{ version: '2.0', yanked: 'broken' }],
      line: 'is yanked: only who asks for just this version (==) gets it',
    },
  ],
  [
    'a pre-release',
    { theirs: [{ version: '2.0rc1' }], line: 'is a pre-release: only who asks for one (--pre) gets it' },
  ],
  ['held', { put: () => void site.put(`a/packages/${wheel('2.0')}`, 'no wheel at all'), line: 'held' }],
  [
    'held, of another index: a wheel that lies',
    {
      theirs: [{ version: '2.0', tag: GLIBC, sha256: sha('b') }],
      put: () => {
        const path = `upstream/public/packages/foo/foo-2.0-${GLIBC}.whl`.slice('upstream/'.length);
        const lie = { code: 'lying-tag', what: 'has musl in it' };
        mkdirSync(join(site.root, '.kho'), { recursive: true });
        writeKeptLines(join(site.root, '.kho/upstream-files'), [JSON.stringify({ path, sha256: sha('b'), lie })]);
      },
      line: 'not let in from public: it is not what it seems: has musl in it',
    },
  ],
  [
    'cooldown',
    {
      upstream: 'cooldown = "7d"',
      theirs: [{ version: '2.0', uploadTime: '2999-01-01T00:00:00Z' }],
      line: 'not let in from public: it is of a release that is not old enough: listed from 2999-01-08 00:00 UTC on',
    },
  ],
  [
    'cooldown, of a file that was added later',
    {
      upstream: 'cooldown = "7d"',
      theirs: [
        { version: '1.0', uploadTime: OLD },
        { version: '1.0', tag: GLIBC, uploadTime: '2999-01-01T00:00:00Z' },
      ],
      line: 'not let in from public: it is not old enough: listed from 2999-01-08 00:00 UTC on',
    },
  ],
  [
    'deny',
    { upstream: 'deny = ["foo>=2"]', theirs: [{ version: '2.0' }], line: 'not let in from public: it is denied: >=2' },
  ],
  [
    'allow',
    {
      upstream: 'allow = ["foo<2"]',
      theirs: [{ version: '2.0' }],
      line: 'not let in from public: it is not among what is allowed',
    },
  ],
  [
    'allow, by hash',
    {
      upstream: 'allow_from = ["ok.txt"]',
      theirs: [{ version: '2.0' }],
      put: () => void site.put('ok.txt', `foo==2.0 --hash=sha256:${sha('c')}\n`),
      line: 'not let in from public: it has other bytes than what is allowed of this version',
    },
  ],
  [
    'malware',
    {
      top: '[advisories]\nfrom = "osv.zip"',
      theirs: [{ version: '2.0' }],
      put: () => void site.put('osv.zip', advisoryZip(osvRecord('MAL-7', 'foo', { versions: ['2.0'] }))),
      line: 'not let in from public: it is known malware (MAL-7)',
    },
  ],
  [
    'the hash of a lock',
    {
      ...lockOf(`foo==1.0 --hash=sha256:${sha('d')}`),
      theirs: [{ version: '1.0', tag: GLIBC, sha256: sha('e') }],
      line: 'has a hash that the lock file does not allow',
    },
  ],
  [
    'not what is asked for',
    {
      words: ['-r', 'requirements.txt'],
      put: () => void site.put('requirements.txt', 'foo<2\n'),
      theirs: [{ version: '2.0' }],
      line: 'is not what is asked for: <2',
    },
  ],
  [
    'a higher build tag',
    {
      theirs: [{ version: '3.0-1', filename: 'foo-3.0-1-py3-none-any.whl' }]
        .map((file) => ({ ...file, version: '3.0' }))
        .concat([{ version: '3.0', filename: 'foo-3.0-py3-none-any.whl' }]),
      line: 'has a lower build number than foo-3.0-1-py3-none-any.whl',
    },
  ],
  [
    'a closer fit',
    {
      theirs: [{ version: '3.0' }, { version: '3.0', tag: GLIBC }],
      line: `fits less closely than foo-3.0-${GLIBC}.whl`,
    },
  ],
  [
    'an sdist beside a wheel',
    {
      theirs: [{ version: '3.0' }, { version: '3.0', filename: 'foo-3.0.tar.gz' }],
      line: 'is an sdist, and a wheel of this version comes first',
    },
  ],
  ['older', { theirs: [{ version: '3.0' }, { version: '2.0' }], line: 'is older than 3.0' }],
  [
    'other bytes under a name that is here',
    {
      theirs: [{ version: '1.0' }],
      line: 'not let in from public: it has other bytes than the file of that name here, which is listed',
    },
  ],
  [
    'no hash there',
    {
      theirs: [{ version: '2.0', sha256: undefined }],
      line: 'not let in from public: it has no sha256 there, so nobody could tell whether it came right',
    },
  ],
])(
  'kho why tells of a file that is not taken: %s',
  async (_what, { upstream = '', top = '', theirs = [], put, words = [], line }) => {
    settings(upstream, `shared = ["foo"]\n${top}`);
    site.wheel('a', { name: 'foo', version: '1.0' });
    put?.();
    await site.build();
    keepUpstreamPage(site, 'foo', theirs);
    put?.();
    const lines = (
      await why('foo', ...words.map((word) => (word === 'requirements.txt' ? join(site.root, word) : word)))
    ).split('\n');
    expect(lines.filter((each) => each.includes(line))).not.toEqual([]);
    expect(lines[0]).toMatch(/ takes (?:foo-|nothing)/);
  },
);

test('kho why tells of a project that is in quarantine there, or gone', async () => {
  settings('', 'shared = ["foo"]');
  site.wheel('a', { name: 'foo', version: '1.0' });
  await site.build();
  keepUpstreamPage(site, 'foo', [{ version: '2.0' }], {}, { status: 'quarantined' });
  expect(await why('foo')).toContain(
    `${wheel('2.0')}  not let in from public: it is of a project that is in quarantine there\n`,
  );
  site.put(`upstream/public/packages/foo/${wheel('2.0')}`, 'x');
  keepUpstreamPage(site, 'foo', [{ version: '2.0' }, { version: '2.1' }], {
    goneMs: Date.parse('2026-11-01T00:00:00Z'),
  });
  const text = await why('foo');
  expect(text).toContain(`${wheel('2.1')}  not let in from public: it is gone there, since 2026-11-01\n`);
  expect(text).toContain(`${wheel('2.0')}  is yanked: `);
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
