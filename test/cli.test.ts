import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { HELP_GROUPS } from '../src/cli/help-groups.ts';
import { COMMANDS } from '../src/cli/program.ts';
import { folderTree } from './support/folder-tree.ts';
import { makeElf } from './support/make-elf.ts';
import { makeWheel } from './support/make-package.ts';
import { runCommand } from './support/run-command.ts';
import { serveUploads } from './support/served-uploads.ts';
import { TestSite } from './support/site.ts';

const kho = (...words: string[]) => runCommand(words);

function makeSite(): TestSite {
  const site = new TestSite();
  onTestFinished(() => site.close());
  site.put('kho.toml', '[repositories.musl]\nplatforms = ["musl"]\ninclude = ["glibc"]\n');
  site.wheel('glibc', { name: 'Foo', version: '1.0', metadata: 'Requires-Python: >=3.8', description: 'words' });
  site.wheel('glibc', { name: 'Foo', version: '1.1' });
  site.sdist('glibc', { name: 'Foo', version: '1.1' });
  site.wheel('musl', { name: 'bar', version: '2', tag: 'cp311-cp311-musllinux_1_2_x86_64' });
  return site;
}

const CUT = 'cut-1.0-py3-none-any.whl';

beforeEach(() => {
  process.exitCode = undefined;
});
afterEach(() => {
  process.exitCode = undefined;
});

test('kho build says what it did', async () => {
  const site = makeSite();
  const first = await kho('build', site.root);
  expect(first.out).toMatch(
    /^glibc {3}1 project {2}3 files {2}[\d.]+ kB\nmusl {3}2 projects {2}4 files {2}[\d.]+ kB\n\d+ written, 0 unchanged, 0 removed in \d+\.\d\d s\n$/,
  );
  expect(first).toMatchObject({ talk: '', exitCode: 0 });
  expect((await kho('build', '--site', site.root)).out).toMatch(/\n0 written, \d+ unchanged, 0 removed/);
});

test('kho build shows problems, and exits with 1 only when that is asked for', async () => {
  const site = makeSite();
  site.put('glibc/packages/README.txt', 'words');
  const { out, talk, exitCode } = await kho('build', site.root);
  expect(out).toContain('4 files');
  expect(talk).toContain('1 problem:\n  glibc/packages/README.txt\n');
  expect(talk).toContain('[not-a-package]');
  expect(exitCode).toBe(0);
  expect((await kho('build', '--strict', site.root)).exitCode).toBe(1);
});

test('kho build --dry-run says what a run would do, with its exit code, and does nothing', async () => {
  const site = makeSite();
  site.put(`glibc/packages/${CUT}`, makeWheel({ name: 'cut', version: '1.0' }).subarray(0, 200));
  const { out, talk, exitCode } = await kho('build', '--dry-run', '--strict', site.root);
  expect(out).toMatch(/^would be listed: 4 files\n {2}glibc\/packages\/Foo-1\.0-py3-none-any\.whl as foo 1\.0\n/);
  expect(out).toContain('[incomplete]');
  expect(out).toMatch(/\nnothing was changed\n$/);
  expect({ talk, exitCode }).toEqual({ talk: '', exitCode: 1 });
  expect(Object.keys(site.snapshot())).toHaveLength(6);
  const json = JSON.parse((await kho('build', '--dry-run', '--json', site.root)).out);
  expect(json).toMatchObject({ dryRun: true, outdated: 0, moved: [] });
  expect(json.changes).toHaveLength(5);
});

test('kho build says first what new rules hold that was listed', async () => {
  const site = makeSite();
  const file = site.wheel('glibc', { name: 'cut', version: '1.0' });
  await kho('build', site.root);
  await new Promise((resolve) => setTimeout(resolve, 60)); // until times on the disk tell one state from the next
  await kho('build', site.root);
  site.changeKept('manifest', (line) =>
    line.startsWith('cut ') ? line.replace('"rules":1,', '').replace('"name":"cut"', '"name":"was"') : line,
  );
  const { talk } = await kho('build', site.root);
  expect(talk).toMatch(
    /^new rules: 1 file looked at again, 0 held that were listed, 0 listed that were held\n {2}they hold /,
  );
  expect((await kho('build', site.root)).talk).toBe('');
  expect(site.listed('glibc', 'cut')).toEqual([file.split('/').at(-1)]);
});

test('kho build --quiet says nothing but problems', async () => {
  const site = makeSite();
  expect(await kho('build', '--quiet', site.root)).toEqual({ out: '', talk: '', exitCode: 0 });
  site.put('glibc/packages/README.txt', 'words');
  const { out, talk } = await kho('build', '--quiet', site.root);
  expect(out).toBe('');
  expect(talk).toMatch(/^ {2}glibc\/packages\/README.txt\n/);
});

test('kho build --json prints the report and nothing else', async () => {
  const site = makeSite();
  site.put('glibc/packages/a\u009b.txt', 'words');
  const { out, talk, exitCode } = await kho('build', '--json', '--strict', site.root);
  expect(out).toMatch(/^[\n -~]*$/);
  expect(JSON.parse(out)).toMatchObject({
    site: site.root,
    repositories: [{ name: 'glibc', projects: 1, files: 3 }, { name: 'musl' }],
    problems: [{ code: 'not-a-package', file: 'glibc/packages/a\u009b.txt' }],
    removed: 0,
  });
  expect({ talk, exitCode }).toEqual({ talk: '', exitCode: 1 });
});

test('kho build --out publishes elsewhere', async () => {
  const site = makeSite();
  const out = folderTree({});
  await kho('build', site.root, '--out', out, '--jobs', '1');
  const copy = new TestSite(out);
  expect(copy.listed('musl', 'foo')).toHaveLength(3);
  expect(Object.keys(copy.snapshot())).toContain('glibc/packages/Foo-1.1.tar.gz');
  expect(Object.keys(site.snapshot())).not.toContain('glibc/simple/index.html');
});

test('kho list shows projects with versions, platforms and sizes', async () => {
  const site = makeSite();
  const { out, talk } = await kho('list', site.root);
  expect(out).toMatch(
    /^glibc {2}1 project, 3 files, [\d.]+ kB\n {2}foo {2}1\.1, 1\.0 {2}[\d.]+ kB {2}any, sdist\n\nmusl {2}2 projects, 4 files, [\d.]+ kB\n {2}bar {2}2 +\d+ bytes {2}musllinux x86_64\n {2}foo {2}1\.1, 1\.0 {2} *[\d.]+ kB {2}any, sdist\n$/,
  );
  expect(talk).toBe('');
  expect(JSON.parse((await kho('list', '--json', site.root)).out)).toMatchObject({
    site: site.root,
    repositories: [
      { name: 'glibc', projects: [{ name: 'foo', versions: ['1.1', '1.0'], platforms: ['any', 'sdist'], files: 3 }] },
      { name: 'musl', projects: [{ name: 'bar' }, { name: 'foo' }] },
    ],
  });
});

test('kho show PROJECT shows its releases once for all repositories that have the same', async () => {
  const site = makeSite();
  const { out } = await kho('show', 'FOO', '--site', site.root);
  expect(out).toMatch(/^Foo in glibc, musl\n\n {2}1\.1\n {4}Foo-1\.1-py3-none-any\.whl /);
  expect(out).toContain('Metadata of 1.1\n');
  const shown = JSON.parse((await kho('show', 'foo', '--json', '--site', site.root)).out);
  expect(shown).toMatchObject([
    { repository: 'glibc', project: { name: 'foo' }, metadata: { version: '1.1' } },
    { repository: 'musl' },
  ]);
});

test.each([
  ['its name', (site: TestSite) => ['Foo-1.0-py3-none-any.whl', '--site', site.root]],
  ['its path from the root of the site', (site) => ['glibc/packages/Foo-1.0-py3-none-any.whl', '--site', site.root]],
  ['its path on disk', (site) => [`${site.root}/glibc/packages/Foo-1.0-py3-none-any.whl`]],
] satisfies [string, (site: TestSite) => string[]][])(
  'kho show finds a file of the site by %s',
  async (_what, words) => {
    const site = makeSite();
    const { out, exitCode } = await kho('show', '--json', ...words(site));
    expect(JSON.parse(out)).toMatchObject([
      {
        path: `${site.root}/glibc/packages/Foo-1.0-py3-none-any.whl`,
        inSite: 'glibc/packages/Foo-1.0-py3-none-any.whl',
        package: {
          kind: 'wheel',
          project: 'foo',
          tags: ['py3-none-any'],
          metadata: { name: 'Foo', requiresPython: '>=3.8', description: 'words' },
          members: expect.arrayContaining([expect.objectContaining({ path: 'Foo/__init__.py' })]),
        },
        listedIn: [{ repository: 'glibc', uploadTime: '2026-01-02T03:04:05.678Z' }, { repository: 'musl' }],
        problems: [],
      },
    ]);
    expect(exitCode).toBe(0);
  },
);

test('kho show says why a file is held, and exits with 1', async () => {
  const site = makeSite();
  site.put(`glibc/packages/sub/${CUT}`, makeWheel({ name: 'cut', version: '1.0' }).subarray(0, 300));
  const { out, exitCode } = await kho('show', CUT, '--site', site.root);
  expect(out).toContain('listed in  no index\n');
  expect(out).toMatch(new RegExp(`\n {2}glibc/packages/sub/${CUT}\n {6}.* \\[incomplete\\]\n {6}hint: `));
  expect(exitCode).toBe(1);
});

test('kho show shows a file outside of any site, and says what is wrong with it', async () => {
  const folder = folderTree({ [CUT]: 'PK' });
  const { out, exitCode } = await kho('show', `${folder}/${CUT}`);
  expect(out).toMatch(/\n {6}.* \[[a-z-]+\]\n/);
  expect(out).not.toContain('listed in');
  expect(exitCode).toBe(1);
});

const NAMED_LINUX = 'foo-1.0-cp311-cp311-linux_x86_64.whl';
const MUSL_MODULE = makeElf({ needed: ['libc.musl-x86_64.so.1'] });

test('kho inspect and kho show say for which machines a wheel is', async () => {
  const wheel = makeWheel({ name: 'foo', version: '1.0', members: { 'foo.so': MUSL_MODULE } });
  const folder = folderTree({ [NAMED_LINUX]: wheel });
  for (const command of ['inspect', 'show']) {
    const { out, exitCode } = await kho(command, `${folder}/${NAMED_LINUX}`);
    expect(out).toContain(
      'was built on Alpine (needs libc.musl-x86_64.so.1), named linux_x86_64: will fail on Debian, Ubuntu\n',
    );
    expect(out).toMatch(/ truest tag {2}musllinux_1_2_x86_64\n/);
    expect(out).toContain('foo.so: library for x86_64, musl: needs libc.musl-x86_64.so.1\n');
    expect(exitCode).toBe(0);
  }
});

test('kho inspect says why a file is no package', async () => {
  const why = async (name: string) => {
    const folder = folderTree({ [name]: 'text' });
    const { out, exitCode } = await kho('inspect', `${folder}/${name}`);
    return [exitCode, out.split('\n')[2]?.trim()];
  };
  expect(await why('README.md')).toEqual([1, 'is no package by its name [not-a-package]']);
  expect(await why('foo-1.0.whl.part')).toEqual([
    1,
    'is no package by its name, but one that is not whole yet [not-a-package]',
  ]);
  expect(await why('foo-1.0.exe')).toEqual([1, 'is of a kind that no current client installs [unsupported]']);
  expect(await why('foo-1.0-py3-none-any.whl.metadata')).toEqual([
    1,
    'belongs to foo-1.0-py3-none-any.whl, and is no package [not-a-package]',
  ]);
});

test('kho inspect looks at several files, and exits with 1 when the name of one lies', async () => {
  const lying = 'foo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl';
  const wheel = makeWheel({ name: 'foo', version: '1.0', members: { 'foo.so': MUSL_MODULE } });
  const pure = 'foo-1.0-py3-none-any.whl';
  const folder = folderTree({ [lying]: wheel, [pure]: makeWheel({ name: 'foo', version: '1.0' }) });
  const { out, exitCode } = await kho('inspect', '--json', `${folder}/${pure}`, `${folder}/${lying}`);
  expect(JSON.parse(out)).toMatchObject([
    { filename: pure, package: { kind: 'wheel' } },
    { filename: lying, package: { binaries: { libc: 'musl', faults: [{ about: 'libc', lie: true }] } } },
  ]);
  expect(exitCode).toBe(1);
  expect((await kho('inspect', `${folder}/${pure}`)).out).toBe(`${folder}/${pure}\n  pure: runs on any machine\n`);
  await expect(kho('inspect', `${folder}/absent.whl`)).rejects.toThrow('there is no such file');
  await expect(kho('inspect', folder)).rejects.toThrow('it is a folder, and not a file');
  const some = await kho('inspect', `${folder}/absent.whl`, `${folder}/${pure}`);
  expect(some).toMatchObject({ out: `${folder}/${pure}\n  pure: runs on any machine\n`, exitCode: 1 });
});

test.each(['fou', 'no such thing', 'nowhere-1.0.tar.gz'])(
  'kho show finds nothing called %j, and exits with 1',
  async (what) => {
    const site = makeSite();
    const { out, talk, exitCode } = await kho('show', what, '--site', site.root);
    expect(out).toBe('');
    expect(talk).toContain(`kho: there is no project or file "${what}" in "${site.root}"`);
    expect(talk.includes('did you mean "foo"?')).toBe(what === 'fou');
    expect(exitCode).toBe(1);
  },
);

test('kho says which site it took when it was not the one named', async () => {
  const site = makeSite();
  const { talk } = await kho('build', `${site.root}/glibc`);
  expect(talk).toBe(`kho: "${site.root}/glibc" is a repository of the site "${site.root}": that is used\n`);
});

test.each([
  [['bulid'], "unknown command 'bulid'", 'did you mean build?'],
  [['zzz'], "unknown command 'zzz'", 'kho help'],
  [['build', '--strickt'], "unknown option '--strickt'", 'did you mean --strict?'],
  [['build', 'a', 'b'], 'too many arguments', 'kho help'],
  [['build', '--out'], 'argument missing', 'kho help'],
  [['build', '--jobs', '0'], 'a whole number from 1 to 64', 'kho help'],
  [['build', '--jobs', '1.5'], 'a whole number from 1 to 64', 'kho help'],
  [['build', 'a', '--site', 'b'], 'Cannot use two sites', 'leave one of them out'],
  [['show'], 'missing required argument', 'kho help'],
  [['help', 'confg'], 'Cannot help with "confg"', 'did you mean config?'],
  [['help', 'zzz'], 'Cannot help with "zzz"', 'listed above'],
  [[], 'without a command', 'listed above'],
])('kho refuses %j', async (words, why, hint) => {
  await expect(kho(...words)).rejects.toMatchObject({
    name: 'KhoError',
    code: 'USAGE',
    message: expect.stringContaining(why),
    hint: expect.stringContaining(hint),
  });
});

test.each([
  [['help'], /^Usage: kho .*Publish:\n.* build .*Help:\n/s],
  [['--help'], /^Usage: kho .*Publish:\n.* build .*Help:\n/s],
  [['help', 'build'], /^Usage: kho build .*--strict/s],
  [['list', '--help'], /^Usage: kho list .*--json/s],
  [['-V'], /^\d+\.\d+\.\d+\n$/],
])('kho %j prints to stdout', async (words, expected) => {
  const { out, talk, exitCode } = await kho(...words);
  expect(out).toMatch(expected);
  expect({ talk, exitCode }).toEqual({ talk: '', exitCode: 0 });
});

test.each([
  ['nginx', '--mode', 'serve'],
  ['nginx', '--user', 'kho'],
  ['caddy', '--nginx-version', '1.26.0'],
  ['apache', '--group', 'kho'],
  ['systemd', '--out', '/srv/www'],
  ['systemd', '--url', 'https://a.example'],
  ['systemd', '--listen', '127.0.0.1:8080'],
  ['cron', '--socket', '/run/kho/kho.sock'],
  ['cron', '--mode', 'serve'],
  ['cron', '--group', 'kho'],
  ['cloudfront', '--region', 'eu-west-1'],
  ['cloudflare', '--listen', '127.0.0.1:8080'],
  ['nginx-bucket', '--out', '/srv/www'],
  ['s3-policy', '--url', 'https://a.example'],
])('kho config %s refuses %s, on which nothing there depends', async (program, option, value) => {
  await expect(kho('config', program, makeSite().root, option, value)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(`Cannot use ${option} with kho config ${program}`),
    hint: expect.stringMatching(/leave it out|add --mode|kho config cron --out/),
  });
});

test.each([
  [['s3-policy', 's3://abc', '--bucket', 's3://def'], /"s3:\/\/abc" and --bucket "s3:\/\/def"/],
  [['nginx-bucket', '--endpoint-url', 'http://10.0.0.5', '--region', 'eu-west-1'], /--region/],
])('kho config %j is refused: one of the two would be dropped', async (words, message) => {
  await expect(kho('config', ...words)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(message),
  });
});

test.each([
  ['https://packages.example.org', '--endpoint-url', 'https://s3.example.org', /^Cannot use --endpoint-url without/],
  ['https://packages.example.org', '--region', 'eu-west-1', /^Cannot use --region without/],
  ['s3://team-packages', '--ca', '/etc/ca.pem', /^Cannot use --ca with a bucket$/],
  ['s3://team-packages', '--projects', '3', /^Cannot use --projects with a bucket$/],
])('kho doctor %s refuses %s, on which nothing there depends', async (address, option, value, message) => {
  await expect(kho('doctor', address, option, value)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(message),
  });
});

test.each([
  ['build', '--endpoint-url', 'https://s3.example.org'],
  ['build', '--profile', 'ci'],
  ['build', '--region', 'eu-west-1'],
  ['build', '--adopt'],
  ['check', '--endpoint-url', 'https://s3.example.org'],
  ['check', '--profile', 'ci'],
  ['check', '--region', 'eu-west-1'],
])('kho %s without a bucket refuses %s, before it does anything', async (command, ...option) => {
  const site = makeSite();
  await expect(kho(command, site.root, ...option)).rejects.toMatchObject({
    code: 'USAGE',
    message: `Cannot use ${option[0]} without a bucket`,
  });
  expect(existsSync(join(site.root, '.kho', 'manifest'))).toBe(false);
});

test('kho config cron publishes to the folder of --out', async () => {
  const { out } = await kho('config', 'cron', makeSite().root, '--out', '/srv/www', '--user', 'root');
  expect(out).toMatch(/ build \S+ --out \/srv\/www --quiet$/m);
});

test.each([
  ['a value of an argument', ['config', 'ngnix'], 'nginx'],
  ['a value of an option', ['config', 'systemd', '--mode', 'serv'], 'serve'],
  ['another', ['watch', '--log', 'jsn'], 'json'],
])('kho suggests %s', async (_what, words, meant) => {
  await expect(kho(...words)).rejects.toMatchObject({ code: 'USAGE', hint: `did you mean ${meant}?` });
});

test('kho suggests a repository', async () => {
  const words = ['fetch', makeSite().root, '--need', 'foo', '--to', 'glbic', '--python', '3.11'];
  await expect(kho(...words)).rejects.toThrow('did you mean "glibc"?');
});

test.each([
  [['--repository', 'glbic'], 'glibc'],
  [['--project', 'fo'], 'foo'],
])('kho platforms suggests what %j may mean', async (words, meant) => {
  await expect(kho('platforms', makeSite().root, ...words)).rejects.toThrow(`did you mean "${meant}"?`);
});

test('kho build suggests a project for settings of one that is not there', async () => {
  const site = makeSite();
  site.put('kho.toml', '[repositories.glibc.projects.fooo]\nstatus = "archived"\n');
  expect((await kho('build', site.root)).talk).toContain('lists no such project; did you mean "foo"?');
});

test('kho suggests nothing for a value that is like none', async () => {
  await expect(kho('config', 'lighttpd')).rejects.toMatchObject({ hint: expect.not.stringContaining('did you mean') });
});

test('kho -v prints the version, as --version does', async () => {
  expect((await kho('-v')).out).toBe((await kho('--version')).out);
});

test('each command is in one group of kho help, and has an example that it understands', async () => {
  const { out } = await kho('help');
  for (const [group, examples] of HELP_GROUPS) {
    expect(out).toContain(`\n${group}:\n`);
    for (const [name, example] of Object.entries(examples)) {
      const command = COMMANDS.find((candidate) => candidate.name() === name);
      expect(example).toMatch(new RegExp(`^kho ${name} `));
      const all = [command, ...(command?.commands ?? [])];
      const known = all.flatMap((each) => each?.options ?? []).flatMap(({ long, short }) => [long, short]);
      for (const option of example.match(/ --?[a-z][a-z-]*/g) ?? []) expect(known).toContain(option.trim());
      expect((await kho('help', name)).out).toContain(`\nExample:\n  ${example}\n`);
    }
  }
  const grouped = HELP_GROUPS.flatMap(([, examples]) => Object.keys(examples));
  expect(grouped.toSorted()).toEqual(COMMANDS.map((command) => command.name()).toSorted());
});

test('kho token add shows a token once, with lines for each client; list and log never do', async () => {
  const site = makeSite();
  const { out } = await kho('token', 'add', 'ci', '--site', site.root, '--to', 'glibc', '--projects', 'farm-*', 'Foo');
  const [secret = ''] = out.split('\n');
  expect(secret).toMatch(/^kho_/);
  expect(out).toContain(
    `UV_PUBLISH_URL=https://packages.example.org/glibc/upload/ UV_PUBLISH_TOKEN=${secret} uv publish`,
  );
  expect(out).toContain('It may read, upload, new: projects farm-*, foo, in glibc, until 20');
  const listed = JSON.parse((await kho('token', 'list', '--site', site.root, '--json')).out);
  expect(listed.tokens).toMatchObject([{ name: 'ci', rights: ['read', 'upload', 'new'], projects: ['farm-*', 'foo'] }]);
  const rotated = JSON.parse((await kho('token', 'rotate', 'ci', '--site', site.root, '--overlap', '0', '--json')).out);
  expect(rotated.token).not.toBe(secret);
  await kho('token', 'remove', 'ci', '--site', site.root);
  const log = (await kho('log', site.root, '--token', 'ci')).out;
  expect(log.match(/token-\w+/g)).toEqual(['token-add', 'token-rotate', 'token-remove']);
  expect(log).not.toContain(secret.slice(4, 12));
  await expect(kho('token', 'add', 'x', '--site', site.root, '--rights', 'uplaod')).rejects.toThrow(
    'did you mean "upload"?',
  );
});

test('kho yank, remove, restore and move change what is published at once, and stand in the log', async () => {
  const site = makeSite();
  await kho('build', '--quiet', site.root);
  const on = (...words: string[]) => kho(...words, '--site', site.root);
  await on('yank', 'foo==1.0', '--reason', 'broken');
  expect(site.json('glibc/simple/foo/index.json').files[0]).toMatchObject({ yanked: 'broken' });
  const old = await on('remove', 'Foo-1.0-py3-none-any.whl');
  expect(old).toMatchObject({ exitCode: 1, out: '' });
  expect(old.talk).toContain('hint: kho yank Foo-1.0-py3-none-any.whl');
  process.exitCode = 0;
  await expect(on('remove', 'Foo-1.0-py3-none-any.whl', '--force')).rejects.toThrow('Cannot ask');
  await on('remove', 'Foo-1.0-py3-none-any.whl', '--force', '--yes');
  expect(site.listed('glibc', 'foo')).toHaveLength(2);
  expect((await on('restore', '--list')).out).toContain('glibc/packages/Foo-1.0-py3-none-any.whl');
  await on('restore', 'foo==1.0', '--no-build');
  expect(site.listed('glibc', 'foo')).toHaveLength(2);
  const moved = JSON.parse((await on('move', 'foo==1.0', '--to', 'musl', '--json')).out);
  expect(moved).toMatchObject({ published: true, files: [{ to: 'musl/packages/Foo-1.0-py3-none-any.whl' }] });
  const events = (await kho('log', site.root, '--json', '--project', 'FOO')).out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).event);
  expect(events).toEqual(['yank', 'remove', 'restore', 'move']);
});

test('kho status tells how a site is, with an exit code for monitoring', async () => {
  const site = makeSite();
  await kho('build', '--quiet', site.root);
  process.exitCode = 0;
  const well = await kho('status', site.root);
  expect(well).toMatchObject({ exitCode: 0 });
  expect(well.out).toMatch(/^runs +nothing$/m);
  expect(well.out).toContain('all is well');
  site.put('kho.toml', `${site.read('kho.toml')}\n`.replace(/^/, 'title = "Other"\n'));
  const look = await kho('status', site.root, '--json');
  expect([look.exitCode, JSON.parse(look.out)]).toMatchObject([
    1,
    { state: 'look', service: null, findings: [{ level: 'look' }] },
  ]);
  process.exitCode = 0;
});

test('kho cache tells what is kept of other indexes, and lets go of it but for what locks name', async () => {
  const site = makeSite();
  const locks = 'locks = ["a.txt"]\n';
  site.put('kho.toml', `${locks}[upstreams.public]\nurl = "https://index.example/"\n${site.read('kho.toml')}`);
  site.put('a.txt', 'baz==1.0\n');
  for (const version of ['1.0', '2.0', '3.0'])
    site.put(`upstream/public/packages/baz/baz-${version}.tar.gz`, Buffer.alloc(1000));
  site.put('upstream/public/pages/baz.json', '{}');
  const told = await kho('cache', site.root, '--all');
  expect(told.out).toContain('public  3 files of 1 project, 3.0 kB  1 page, 2 bytes');
  expect(told.out).toContain('upstream/public/packages/baz/baz-1.0.tar.gz');
  const asked = JSON.parse((await kho('cache', site.root, '--json')).out);
  expect(asked).toMatchObject({ bytes: 3002, upstreams: [{ name: 'public', files: 3 }] });
  expect(asked.files).toHaveLength(3);
  await expect(kho('cache', 'trim', '--site', site.root)).rejects.toThrow('nothing says how much may stay');
  await expect(kho('cache', 'trim', '--site', site.root, '--to', 'little')).rejects.toThrow('"little" is no size');
  const trimmed = await kho('cache', 'trim', '--site', site.root, '--to', '0kB', '--json');
  expect(JSON.parse(trimmed.out).deleted.sort()).toEqual(
    ['2.0', '3.0'].map((version) => `upstream/public/packages/baz/baz-${version}.tar.gz`),
  );
  expect(JSON.parse((await kho('cache', site.root, '--json')).out).files).toHaveLength(1);
});

test('kho prune --empty-trash tells what is in the trash, and deletes it only when asked', async () => {
  const site = makeSite();
  await kho('build', '--quiet', site.root);
  const on = (...words: string[]) => kho(...words, '--site', site.root);
  await on('remove', 'foo==1.0', '--force', '--yes');
  expect((await on('prune', '--empty-trash')).out).toMatch(/^trash: \d+ files?, .* to go$/m);
  expect(JSON.parse((await on('prune', '--empty-trash', '--older', '1d', '--apply', '--json')).out).deleted).toEqual(
    [],
  );
  const { deleted } = JSON.parse((await on('prune', '--empty-trash', '--apply', '--json')).out);
  expect(deleted.length).toBeGreaterThan(0);
  expect((await on('restore', '--list')).out).toBe('');
  await expect(on('restore', 'foo==1.0')).rejects.toThrow('Cannot find "foo==1.0" in the trash');
});

test.each([
  [['--at', 'packages.example.org'], 'it is no address of a site'],
  [['--at', 'https://__token__:kho_x@packages.example.org'], 'with a name and password in it'],
  [['--at', 'http://packages.example.org'], 'whoever is on the way could read it'],
  [['--at', 'https://packages.example.org', '--site', '.'], 'Cannot use --at together with --site'],
  [['--at', 'https://packages.example.org', '--no-build'], 'Cannot use --at together with --no-build'],
])('kho yank %j sends nothing anywhere: %s', async (words, why) => {
  await expect(kho('yank', 'foo==1.0', ...words)).rejects.toThrow(why);
});

test('kho mirror asks nobody where kho.toml has no orders', async () => {
  const site = new TestSite();
  onTestFinished(() => site.close());
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.wheel('musl', { name: 'foo', version: '1.0' });
  site.put('kho.toml', '[repositories.musl.mirror]\nprojects = ["foo"]\n');
  await expect(kho('mirror', '--site', site.root, 'glibc')).rejects.toThrow(
    'Cannot mirror into "glibc": kho.toml has no orders',
  );
  await expect(kho('mirror', '--site', site.root, 'gl')).rejects.toThrow('Cannot use the repository "gl"');
  site.put('kho.toml', '');
  await expect(kho('mirror', '--site', site.root)).rejects.toMatchObject({ code: 'USAGE' });
});

test('kho --at asks another machine over plain http where --allow-http is said', async () => {
  const { url, tokenFor } = await serveUploads();
  vi.stubEnv('KHO_TOKEN', await tokenFor({ rights: ['yank'] }));
  onTestFinished(() => void vi.unstubAllEnvs());
  const words = ['yank', 'always==1.0', '--in', 'glibc', '--at', url.replace('127.0.0.1', '[::ffff:127.0.0.1]')];
  await expect(kho(...words)).rejects.toMatchObject({ hint: expect.stringContaining('--allow-http') });
  expect((await kho(...words, '--allow-http')).out).toContain(': yanked');
});

test('kho with --at has a served site change what it publishes, with the token of KHO_TOKEN', async () => {
  const { url, tokenFor, site } = await serveUploads();
  vi.stubEnv('KHO_TOKEN', await tokenFor({ rights: ['yank', 'remove', 'upload'] }));
  onTestFinished(() => void vi.unstubAllEnvs());
  const at = (...words: string[]) => kho(...words, '--at', `${url}/`);
  expect((await at('yank', 'always==1.0', '--in', 'glibc', '--reason', 'broken')).out).toBe(
    'glibc/packages/always-1.0-py3-none-any.whl: yanked\n',
  );
  expect(site.json('glibc/simple/always/index.json').files[0].yanked).toBe('broken');
  expect((await at('unyank', 'always==1.0', '--in', 'glibc')).out).toContain(': unyanked');
  expect((await at('move', 'always==1.0', '--in', 'glibc', '--to', 'musl')).out).toContain(': moved to musl/packages/');
  await expect(at('move', 'always==1.0', '--to', 'musl')).rejects.toThrow(`at ${url}: Cannot move it to "musl"`);
  await expect(at('remove', 'always==1.0')).rejects.toThrow('Cannot remove');
  await expect(at('remove', 'always==1.0', '--force')).rejects.toThrow('this is no terminal');
  const removed = await at('remove', 'always==1.0', '--force', '--yes');
  expect(removed.out).toContain(': removed, and kept in .trash/');
  expect(removed.talk).toContain('kho: nothing of always is left in musl');
  expect((await at('restore', 'always==1.0')).out).toContain(': restored');
  await expect(kho('restore', '--list', '--at', url)).rejects.toThrow('Cannot list');
  vi.stubEnv('KHO_TOKEN', 'kho_wrong');
  await expect(at('yank', 'always==1.0')).rejects.toMatchObject({
    message: expect.stringContaining('Cannot yank at'),
    hint: expect.stringContaining('KHO_TOKEN'),
  });
}, 30_000);
