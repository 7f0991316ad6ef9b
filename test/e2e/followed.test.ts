/** A site that is followed, by the built program: heads are signed by ssh-keygen and ssh-agent, served, private where their repository is, and whole wherever a build dies. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { addToken } from '../../src/access/edit-tokens.ts';
import { loadSite } from '../../src/config/load-config.ts';
import { cataloguePath } from '../../src/sync-format/catalogue.ts';
import { HEAD_PATH, readHead, signaturePath } from '../../src/sync-format/head.ts';
import { follow, hasAllFiles, sha256Of } from '../support/followed-site.ts';
import { ProgramKiller } from '../support/kill-program.ts';
import { ServedKho } from '../support/served-kho.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';

let site: TestSite;
let keys: string;

beforeAll(() => {
  keys = realpathSync(mkdtempSync(join(tmpdir(), 'kho-keys-')));
  for (const name of ['centre', 'other']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(keys, name)]);
  }
});
afterAll(() => rmSync(keys, { recursive: true }));
beforeEach(() => {
  site = new TestSite();
  site.put(
    'kho.toml',
    'pages = false\n[repositories.glibc]\nsync = true\nsign = true\n[repositories.lab]\nsync = true\nprivate = true\n',
  );
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.wheel('lab', { name: 'hidden', version: '1.0' });
});
afterEach(() => site.close());

function kho(words: string[], environment: Record<string, string> = {}) {
  const env = { ...process.env, ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [KHO, ...words], { cwd: '/', env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function opensshTrusts(key: string): boolean {
  const signers = join(keys, 'signers');
  writeFileSync(signers, `an@example.vn namespaces="kho" ${readFileSync(join(keys, `${key}.pub`), 'utf8')}`);
  const head = site.read(`glibc/${HEAD_PATH}`);
  const signature = join(site.root, 'glibc', signaturePath(sha256Of(head)));
  const words = ['-Y', 'verify', '-q', '-f', signers, '-I', 'an@example.vn', '-n', 'kho', '-s', signature];
  return spawnSync('ssh-keygen', words, { input: head }).status === 0;
}

test('kho sign publishes what OpenSSH trusts: with a key, by ssh-agent, or with a signature from elsewhere', async () => {
  expect(kho(['build', site.root])).toMatchObject({ status: 0, stderr: expect.stringContaining('waits to be signed') });
  expect(follow(site, 'glibc')).toBeUndefined();
  const signed = kho(['sign', site.root, '--key', join(keys, 'centre')]);
  expect(signed).toMatchObject({ status: 0, stdout: expect.stringMatching(/^glibc: head 1 signed by SHA256:/) });
  expect([opensshTrusts('centre'), opensshTrusts('other')]).toEqual([true, false]);
  expect(kho(['sign', site.root])).toMatchObject({ status: 0, stdout: 'nothing waits to be signed\n' });

  site.wheel('glibc', { name: 'foo', version: '2.0' });
  kho(['build', site.root]);
  expect(kho(['sign', site.root], { SSH_AUTH_SOCK: join(keys, 'nobody') })).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('without a key'),
  });
  const socket = join(keys, 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await once(agent.stdout, 'data'); // it listens by then
    execFileSync('ssh-add', ['-q', join(keys, 'other')], {
      env: { ...process.env, SSH_AUTH_SOCK: socket },
      stdio: 'pipe',
    });
    expect(kho(['sign', site.root], { SSH_AUTH_SOCK: socket })).toMatchObject({ status: 0 });
    expect(opensshTrusts('other')).toBe(true);
  } finally {
    agent.kill();
    await once(agent, 'exit');
  }

  site.wheel('glibc', { name: 'foo', version: '3.0' });
  kho(['build', site.root]);
  cpSync(join(site.root, '.kho/to-sign/glibc/head.json'), join(keys, 'head.json'));
  execFileSync('ssh-keygen', ['-Y', 'sign', '-q', '-n', 'kho', '-f', join(keys, 'centre'), join(keys, 'head.json')], {
    stdio: 'pipe',
  });
  expect(kho(['sign', site.root, '--signature', join(keys, 'head.json.sig')])).toMatchObject({ status: 0 });
  expect([follow(site, 'glibc')?.head.counter, opensshTrusts('centre')]).toEqual([3, true]);
  expect(kho(['check', site.root, '--history'])).toMatchObject({ status: 0 });
  site.remove('glibc/packages/foo-1.0-py3-none-any.whl');
  kho(['build', site.root]);
  kho(['sign', site.root, '--key', join(keys, 'centre')]);
  expect(kho(['check', site.root, '--history'])).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('went without a word'),
  });
});

test('kho serve, with a key that systemd loaded, signs by itself, and sends what followers ask for', async () => {
  const credentials = mkdtempSync(join(keys, 'credentials-'));
  cpSync(join(keys, 'centre'), join(credentials, 'kho-signing-key'));
  const { config } = await loadSite(site.root);
  process.env['CREDENTIALS_DIRECTORY'] = credentials; // of the server, which inherits it
  const served = await ServedKho.start(site.root).finally(() => delete process.env['CREDENTIALS_DIRECTORY']);
  try {
    expect(opensshTrusts('centre')).toBe(true);
    const answer = await fetch(`${served.url}/glibc/${HEAD_PATH}`);
    const etag = String(answer.headers.get('etag'));
    const { catalogue } = readHead(await answer.text());
    expect((await fetch(`${served.url}/glibc/${HEAD_PATH}`, { headers: { 'If-None-Match': etag } })).status).toBe(304);
    const text = await (await fetch(`${served.url}/glibc/${cataloguePath(catalogue.sha256)}`)).text();
    expect(sha256Of(text)).toBe(catalogue.sha256);

    const wanted = { name: 'edge', rights: ['read'] as const, repositories: ['lab'], projects: [] };
    const { secret } = await addToken(config, wanted, { now: Date.now() });
    const lab = `${served.url}/lab/${HEAD_PATH}`;
    expect((await fetch(lab)).status).toBe(401);
    const headers = { Authorization: `Basic ${Buffer.from(`edge:${secret}`).toString('base64')}` };
    const own = await fetch(lab, { headers });
    expect([own.status, own.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
  } finally {
    await served.end('SIGTERM');
  }
});

test('kho pull takes what the centre signed, of what it includes too, and pays a 304 where nothing is new', async () => {
  site.put('kho.toml', '[repositories.glibc]\ninclude = ["common"]\nsync = true\nsign = true\n');
  site.remove('lab');
  site.wheel('common', { name: 'bar', version: '1.0' });
  site.wheel('glibc', { name: 'app', version: '1.0', metadata: 'Requires-Dist: bar' });
  kho(['build', site.root]);
  kho(['sign', site.root, '--key', join(keys, 'centre')]);
  const edge = new TestSite();
  const served = await ServedKho.start(site.root);
  try {
    edge.put('requirements.txt', 'app\n');
    edge.put('glibc/packages/.keep', '');
    const pull = (key: string) => {
      const signers = edge.put(
        'signers',
        `an@example.vn namespaces="kho" ${readFileSync(join(keys, `${key}.pub`), 'utf8')}`,
      );
      const files = ['-r', join(edge.root, 'requirements.txt'), '--allowed-signers', join(edge.root, signers)];
      const machine = ['--for', 'glibc-x86_64', '--python', '3.11'];
      return kho([
        'pull',
        '--site',
        edge.root,
        '--from',
        `${served.url}/`,
        '--repository',
        'glibc',
        ...files,
        ...machine,
      ]);
    };
    expect(pull('other')).toMatchObject({ status: 2, stderr: expect.stringContaining('may not sign') });
    expect(pull('centre')).toMatchObject({ status: 0, stdout: expect.stringContaining('2 files, 2 files new') });
    expect([edge.listed('glibc', 'app'), edge.listed('glibc', 'bar')]).toEqual([
      ['app-1.0-py3-none-any.whl'],
      ['bar-1.0-py3-none-any.whl'],
    ]);
    expect(pull('centre')).toMatchObject({ status: 0, stdout: expect.stringContaining('0 bytes came over the line') });
  } finally {
    await served.end('SIGTERM');
    edge.close();
  }
});

test('kho build, killed at any change that followers could see, leaves a head whose catalogue and files are there', async () => {
  site.put('kho.toml', 'pages = false\n[repositories.glibc]\nsync = true\n');
  site.remove('lab');
  kho(['build', site.root]);
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  const work = mkdtempSync(join(realpathSync(tmpdir()), 'kho-followed-'));
  const copy = new TestSite(join(work, 'site'));
  const fresh = () => {
    rmSync(copy.root, { recursive: true, force: true });
    cpSync(site.root, copy.root, { recursive: true, preserveTimestamps: true });
  };
  const killer = new ProgramKiller([copy.root]);
  try {
    fresh();
    const calls = await killer.callsOf(['build', copy.root, '--quiet']);
    // Each call is the affair of sync-killed.test.ts; here before each name that is given.
    const isSeen = (path = '') => /\/glibc\/sync\/[^/]+$|\/\.kho\/sync$/.test(path);
    const kills = calls.flatMap(({ name, paths }, before) =>
      name === 'renameSync' && isSeen(paths.at(-1)) ? [before] : [],
    );
    expect(kills).toHaveLength(4); // the catalogue, it packed, the head; what is remembered
    const seen = new Set<number | undefined>();
    for (const before of kills) {
      fresh();
      await killer.kill(['build', copy.root, '--quiet'], { before });
      const left = follow(copy, 'glibc');
      expect(left && hasAllFiles(copy, 'glibc', left), `before ${before}`).toBe(true);
      seen.add(left?.head.counter);
    }
    expect([...seen].sort()).toEqual([1, 2]);
    kho(['build', copy.root]);
    expect(follow(copy, 'glibc')?.files).toHaveLength(2);
    expect(kho(['check', copy.root, '--history']).status).toBe(0);
  } finally {
    killer.close();
    rmSync(work, { recursive: true });
  }
});
