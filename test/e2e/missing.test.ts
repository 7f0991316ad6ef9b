/**
 * `kho missing` and `kho fetch` beside what real tools make of the same: pip chooses the same files, and the lock files are those
 * that pip, uv, Poetry and PDM write.
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { platformTags } from '../../src/standards/platforms/supported-tags.ts';
import { clientEnvironment } from '../support/client-environment.ts';
import { makeWheel, type WheelOptions, wheelFilename } from '../support/make-package.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { runOrThrow, runProgram } from '../support/run-program.ts';
import { ScriptedServer } from '../support/scripted-server.ts';
import { TestSite } from '../support/site.ts';
import { KHO, venvProgram } from '../support/tools.ts';

const MUSL = 'cp311-cp311-musllinux_1_2_x86_64';
const GLIBC = 'cp311-cp311-manylinux_2_17_x86_64';
const BOARD = 'cp311-cp311-linux_armv7l';

const WHEELS: WheelOptions[] = [
  {
    name: 'app',
    version: '1.0',
    metadata: ['Requires-Dist: core>=1', 'Requires-Dist: extra-lib; extra == "more"', 'Provides-Extra: more'],
  },
  {
    name: 'app',
    version: '2.0',
    metadata: [
      'Requires-Dist: core[fast]<2',
      'Requires-Dist: win; sys_platform == "win32"',
      'Provides-Extra: more',
      'Requires-Dist: extra-lib>=1; extra == "more"',
    ],
  },
  { name: 'app', version: '3.0rc1' },
  ...[MUSL, GLIBC, BOARD].map((tag) => ({
    name: 'core',
    version: '1.4',
    tag,
    metadata: ['Provides-Extra: fast', 'Requires-Dist: speedups; extra == "fast"'],
  })),
  {
    name: 'core',
    version: '1.5',
    tag: GLIBC,
    metadata: ['Provides-Extra: fast', 'Requires-Dist: speedups; extra == "fast"'],
  },
  { name: 'core', version: '2.0', tag: MUSL },
  ...[MUSL, GLIBC].map((tag) => ({ name: 'speedups', version: '1.0', tag })),
  { name: 'speedups', version: '1.0', tag: MUSL, build: '2' },
  { name: 'speedups', version: '1.1', tag: 'cp38-abi3-manylinux2014_x86_64' },
  { name: 'extra_lib', version: '1.0', metadata: ['Requires-Python: >=3.8'] },
  { name: 'extra_lib', version: '2.0', metadata: ['Requires-Python: >=3.12'] },
  { name: 'win', version: '1.0' },
  { name: 'old', version: '1.0', metadata: ['Requires-Dist: core==1.4'] },
];

let upstream: TestSite;
let nginx: Nginx;
let index: string;
const client = clientEnvironment();
const folders: string[] = [client.home];

beforeAll(async () => {
  upstream = new TestSite();
  chmodSync(upstream.root, 0o755); // nginx reads it as somebody else
  for (const wheel of WHEELS) upstream.wheel('all', wheel);
  await upstream.build();
  nginx = await startNginx(upstream.root);
  index = `${nginx.url}/all/simple/`;
});
afterAll(async () => {
  await nginx?.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  rmSync(upstream.root, { recursive: true, force: true });
});

const folder = () => {
  const path = mkdtempSync(join(tmpdir(), 'kho-missing-'));
  folders.push(path);
  return path;
};
const kho = (...words: string[]) =>
  runProgram(process.execPath, [KHO, ...words], { env: { ...client.env, PATH: process.env['PATH'] } });

interface Found {
  targets: { projects: { name: string; verdict: string; version?: string; filename?: string }[] }[];
  build: { requirement: string }[];
}
async function missing(site: string, ...words: string[]): Promise<Found> {
  const { stdout, stderr, exitCode } = await kho('missing', site, '--python', '3.11.4', '--json', ...words);
  if (exitCode !== 0 && exitCode !== 1) throw new Error(stderr);
  return JSON.parse(stdout) as Found;
}

/** The files that pip would install on such a machine, by its own report. */
async function pipChooses(platform: string, requirements: string): Promise<string[]> {
  const file = join(folder(), 'requirements.txt');
  writeFileSync(file, requirements);
  const floor = platform.startsWith('musl') ? '1.2' : '2.41';
  const tags = platformTags(platform, floor).flatMap((tag) => ['--platform', tag]);
  const { stdout } = await runOrThrow(
    venvProgram('pip-latest', 'pip'),
    [
      ...[
        'install',
        '--dry-run',
        '--ignore-installed',
        '--quiet',
        '--report',
        '-',
        '--target',
        folder(),
        '--index-url',
        index,
      ],
      ...['--only-binary', ':all:', '--python-version', '3.11.4', '--implementation', 'cp', ...tags, '-r', file],
    ],
    { env: client.env },
  );
  const report = JSON.parse(stdout) as { install: { download_info: { url: string } }[] };
  return report.install.map(({ download_info: { url } }) => decodeURIComponent(url.split('/').at(-1)!)).sort();
}

test.each([
  ['musl-x86_64', 'app'],
  ['musl-x86_64', 'app[more]'],
  ['glibc-x86_64', 'app[more]\nold\n'],
  ['glibc-x86_64', 'app<2 # the old one\ncore\n'],
  ['glibc-armv7l', 'old ; python_version >= "3.9"\nwin; python_version < "3"\n'],
  ['musl-x86_64', '--pre\napp'],
  ['musl-x86_64', 'speedups'],
])('kho missing finds for %s the files that pip takes for %j', async (platform, requirements) => {
  const file = join(folder(), 'requirements.txt');
  writeFileSync(file, `--only-binary :all:\n${requirements}`);
  const found = await missing(upstream.root, '-r', file, '--for', platform);
  const files = found.targets[0]!.projects.map(({ filename }) => filename).sort();
  expect(files).toEqual(await pipChooses(platform, requirements));
});

test.each([
  ['musl-x86_64', 'speedups'],
  ['glibc-x86_64', 'core'],
  ['glibc-x86_64', 'core<1.5'],
])('kho why says that machines of %s take what pip takes of %j, and why nothing else', async (platform, asked) => {
  const { stdout, exitCode } = await kho(
    'why',
    '--site',
    upstream.root,
    asked,
    '--for',
    platform,
    '--python',
    '3.11.4',
    '--json',
  );
  const { targets } = JSON.parse(stdout) as {
    targets: { takes: string; others: { filename: string; why: string }[] }[];
  };
  expect([exitCode, targets.length]).toEqual([0, 1]);
  expect(await pipChooses(platform, asked)).toContain(targets[0]!.takes);
  const all = WHEELS.map(wheelFilename).filter((filename) => filename.startsWith(asked.split('<')[0]!));
  expect(
    targets[0]!.others
      .map(({ filename }) => filename)
      .concat(targets[0]!.takes)
      .sort(),
  ).toEqual(all.sort());
  for (const { why } of targets[0]!.others) expect(why).toMatch(/^(?:is|has|needs|fits) \S/);
});

const PROJECT = `[project]
name = "demo"
version = "0.1.0"
requires-python = ">=3.11,<3.12"
dependencies = ["app[more]<3", "win; sys_platform == 'win32'"]
`;

async function lock(tool: 'uv' | 'uv-pylock' | 'uv-export' | 'poetry' | 'pdm' | 'pip'): Promise<string> {
  const project = folder();
  const source = { poetry: 'tool.poetry.source', pdm: 'tool.pdm.source', uv: 'tool.uv.index' }[tool.split('-')[0]!];
  const more = tool.startsWith('uv')
    ? 'default = true\n'
    : tool === 'poetry'
      ? 'priority = "primary"\n'
      : 'verify_ssl = false\n';
  const name = tool === 'pdm' ? 'pypi' : 'here';
  writeFileSync(
    join(project, 'pyproject.toml'),
    `${PROJECT}${source ? `[[${source}]]\nname = "${name}"\nurl = "${index}"\n${more}` : ''}`,
  );
  const run = (venv: string, program: string, ...words: string[]) =>
    runOrThrow(venvProgram(venv, program), words, { cwd: project, env: { ...client.env, UV_DEFAULT_INDEX: index } });
  switch (tool) {
    case 'uv':
      await run('uv', 'uv', 'lock', '--python', venvProgram('oracle', 'python'));
      return join(project, 'uv.lock');
    case 'uv-pylock':
      await run(
        'uv',
        'uv',
        'export',
        '--format',
        'pylock.toml',
        '-o',
        'pylock.toml',
        '--python',
        venvProgram('oracle', 'python'),
        '--no-emit-project',
      );
      return join(project, 'pylock.toml');
    case 'uv-export':
      await run(
        'uv',
        'uv',
        'export',
        '-o',
        'exported.txt',
        '--python',
        venvProgram('oracle', 'python'),
        '--no-emit-project',
      );
      return join(project, 'exported.txt');
    case 'poetry':
      await run('poetry', 'poetry', 'lock');
      return join(project, 'poetry.lock');
    case 'pdm':
      await run('pdm', 'pdm', 'lock');
      return join(project, 'pdm.lock');
    case 'pip':
      await run('oracle', 'pip', 'lock', '--index-url', index, 'app[more]<3', '-o', 'pylock.toml');
      return join(project, 'pylock.toml');
  }
}

/** The board has no wheel of speedups, and nobody's 1.5 of core is for it. */
const LOCKED = ['app==2.0', 'core==1.5', 'extra-lib==1.0', 'speedups==1.1'];

test.each(['uv', 'uv-pylock', 'uv-export', 'poetry', 'pdm', 'pip'] as const)(
  'kho missing reads what %s locks',
  async (tool) => {
    const file = await lock(tool);
    const versionsOf = (found: Found) => found.targets[0]!.projects.map(({ name, version }) => `${name}==${version}`);
    const glibc = await missing(upstream.root, '-r', file, '--for', 'glibc-x86_64');
    expect(versionsOf(glibc)).toEqual(LOCKED);
    expect(glibc.build).toEqual([]);
    const board = await missing(upstream.root, '-r', file, '--for', 'armhf');
    expect(board.build.map(({ requirement }) => requirement)).toEqual(['core==1.5', 'speedups==1.1']);
    if (tool !== 'pip') {
      const windows = await missing(upstream.root, '-r', file, '--for', 'windows-amd64');
      expect(versionsOf(windows)).toContain('win==1.0');
    }
  },
);

test('kho fetch fills an empty repository from another index, and pip installs from it', async () => {
  const site = folder();
  mkdirSync(join(site, 'musl', 'packages'), { recursive: true });
  const words = [site, '--need', 'app[more]', '--for', 'musl-x86_64', '--python', '3.11.4', '--from', index];
  const dry = await kho('fetch', ...words, '--dry-run');
  expect(dry).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^4 files would be brought: [\d.]+ kB\n/) });
  expect(readdirSync(join(site, 'musl', 'packages'))).toEqual([]);

  const { exitCode, stdout, stderr } = await kho('fetch', ...words);
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('kho: 4 new files')]);
  expect(stdout).toContain('4 files brought');
  const files = readdirSync(join(site, 'musl', 'packages')).sort();
  expect(files).toEqual(await pipChooses('musl-x86_64', 'app[more]'));
  expect(await kho('fetch', ...words)).toMatchObject({ exitCode: 0, stdout: 'nothing to bring\n' });

  await runOrThrow(process.execPath, [KHO, 'build', site, '--quiet']);
  const { stdout: shown } = await kho('show', join(site, 'musl', 'packages', files[0] as string), '--json');
  expect(JSON.parse(shown)[0].origin).toMatchObject({ filename: files[0], index, project: 'app' });
  const out = folder();
  await runOrThrow(process.execPath, [KHO, 'build', site, '--quiet', '--out', out]);
  expect([readdirSync(site), readdirSync(out)].map((names) => names.includes('.kho-keep'))).toEqual([true, false]);
  expect(
    (await kho('missing', site, '--need', 'app[more]', '--for', 'musl-x86_64', '--python', '3.11.4')).exitCode,
  ).toBe(0);
});

test('kho fetch leaves what the other index lacks as a list to build', async () => {
  const site = folder();
  mkdirSync(join(site, 'armhf', 'packages'), { recursive: true });
  const { exitCode, stdout } = await kho(
    'fetch',
    site,
    '--need',
    'app',
    '--for',
    'armhf',
    '--python',
    '3.11',
    '--from',
    index,
    '--json',
  );
  const { files, build } = JSON.parse(stdout) as { files: { filename: string }[]; build: { requirement: string }[] };
  expect([exitCode, files.map(({ filename }) => filename)]).toEqual([
    1,
    ['app-2.0-py3-none-any.whl', 'core-1.4-cp311-cp311-linux_armv7l.whl'],
  ]);
  expect(build).toMatchObject([{ requirement: 'speedups' }]);
});

test('kho fetch exits with 1, and says why, when it could not read what a file depends on', async () => {
  const site = folder();
  mkdirSync(join(site, 'musl', 'packages'), { recursive: true });
  const server = await ScriptedServer.start();
  onTestFinished(() => server.stop());
  const filename = 'lone-1.0-py3-none-any.whl';
  const page = JSON.stringify({
    ...{ meta: { 'api-version': '1.1' }, name: 'lone' },
    files: [{ filename, url: `/files/${filename}`, hashes: {}, size: 7 }],
  });
  server.page('/simple/lone/', page, 'application/vnd.pypi.simple.v1+json');
  const words = [site, '--need', 'lone', '--for', 'musl-x86_64', '--python', '3.11', '--dry-run'];
  const { exitCode, stdout } = await kho('fetch', ...words, '--from', server.url('/simple/').href);
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining('what lone 1.0 depends on is not known')]);
});

test('kho fetch says what it cannot reach, and exits with 2', async () => {
  const site = folder();
  mkdirSync(join(site, 'musl', 'packages'), { recursive: true });
  const words = [site, '--need', 'app', '--for', 'musl-x86_64', '--python', '3.11'];
  expect(await kho('fetch', ...words, '--from', 'http://127.0.0.1:9/simple/')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('[UPSTREAM]'),
  });
  expect(await kho('fetch', ...words, '--from', 'here')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('[USAGE]'),
  });
});

/** As README.md has it. */
const README_SETTINGS = /```toml\n(\[repositories\.glibc\]\n[^`]*)```/.exec(
  readFileSync(new URL('../../README.md', import.meta.url), 'utf8'),
)![1]!;

test('kho missing and kho fetch know which repository of the README serves whom', async () => {
  const site = folder();
  for (const name of ['glibc', 'musl', 'armhf', 'common']) mkdirSync(join(site, name, 'packages'), { recursive: true });
  for (const settings of [README_SETTINGS, '']) {
    writeFileSync(join(site, 'kho.toml'), settings); // without it, the names of the folders say it
    for (const [platform, repository] of [
      ['armhf', 'armhf'],
      ['glibc-x86_64', 'glibc'],
      ['musl-x86_64', 'musl'],
    ] as const) {
      const words = [site, '--need', 'core<1.5', '--for', platform, '--python', '3.11'];
      expect((await kho('missing', ...words)).stdout).toContain(`Python 3.11 in ${repository}: 1 of 1 missing`);
      const { stdout } = await kho('fetch', ...words, '--from', index, '--dry-run', '--json');
      expect(JSON.parse(stdout).files).toMatchObject([{ into: [repository] }]);
    }
  }
  writeFileSync(
    join(site, 'glibc', 'packages', `core-1.4-${GLIBC}.whl`),
    makeWheel({ name: 'core', version: '1.4', tag: GLIBC }),
  );
  const { stdout } = await kho('missing', site, '--need', 'core', '--for', 'armhf'); // the Python is that of the others
  expect(stdout).toContain('glibc-armv7l, Python 3.11 in armhf: 1 of 1 missing');
});

test('two runs of kho fetch at once bring one whole file, and leave nothing else', async () => {
  const server = await ScriptedServer.start();
  const bytes = makeWheel({ name: 'slow', version: '1.0', members: { 'slow/data.bin': randomBytes(400_000) } });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  server.page(
    '/simple/slow/',
    `<!DOCTYPE html><a href="/slow-1.0-py3-none-any.whl#sha256=${sha256}">slow-1.0-py3-none-any.whl</a>`,
    'text/html',
  );
  server.file('/slow-1.0-py3-none-any.whl', bytes);
  const quick = server.answers.get('/slow-1.0-py3-none-any.whl')!;
  let whole = 0;
  server.answers.set('/slow-1.0-py3-none-any.whl', async (request, response, count) => {
    if (request.headers.range !== undefined) return void quick(request, response, count); // of its metadata
    whole++;
    response.writeHead(200, { 'Content-Length': bytes.length });
    for (let at = 0; at < bytes.length; at += 20_000) {
      response.write(bytes.subarray(at, at + 20_000));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    response.end();
  });
  const site = folder();
  const packages = join(site, 'musl', 'packages');
  mkdirSync(packages, { recursive: true });
  const words = ['--need', 'slow', '--for', 'musl-x86_64', '--python', '3.11', '--from', `${server.url('/simple/')}`];
  const runs = await Promise.all([kho('fetch', site, ...words), kho('fetch', site, ...words)]);
  server.stop();
  expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr.includes('failed')])).toEqual([
    [0, false],
    [0, false],
  ]);
  expect(whole).toBe(2); // both were at it
  expect(readdirSync(packages)).toEqual(['slow-1.0-py3-none-any.whl']);
  expect(readFileSync(join(packages, 'slow-1.0-py3-none-any.whl')).equals(bytes)).toBe(true);
});
