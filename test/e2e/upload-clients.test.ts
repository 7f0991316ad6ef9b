/** The clients that people publish with, against `kho serve`: what they make of each answer, and that pip finds what they were told is published. */
import { readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addToken } from '../../src/access/edit-tokens.ts';
import { loadSite } from '../../src/config/load-config.ts';
import { putTombstone } from '../../src/intake/tombstones.ts';
import { Client } from '../support/client.ts';
import { makeWheel, wheelFilename } from '../support/make-package.ts';
import type { Run } from '../support/run-program.ts';
import { ServedKho } from '../support/served-kho.ts';
import { TestSite } from '../support/site.ts';
import { KHO, venvProgram } from '../support/tools.ts';
import { type ClientUpload, UPLOAD_CLIENTS, type UploadClient, writeProject } from '../support/upload-clients.ts';

const WRONG_TOKEN = `kho_${'A'.repeat(49)}`;

let site: TestSite;
let kho: ServedKho;
let url: string;
let secret: string;
let said = '';

async function startKho(): Promise<void> {
  kho = await ServedKho.start(site.root);
  ({ url } = kho);
}

beforeAll(async () => {
  site = new TestSite();
  site.put('kho.toml', '[upload]\nenabled = true\nkeep_free = "1 MB"\n');
  for (const name of ['glibc', 'musl']) await mkdir(join(site.root, name, 'packages'), { recursive: true });
  const { config } = await loadSite(site.root);
  const wanted = { name: 'ci', rights: ['read', 'upload', 'new'] as const, repositories: ['glibc'], projects: [] };
  ({ secret } = await addToken(config, wanted, { now: Date.now() }));
  await startKho();
});

afterAll(async () => {
  await kho.end('SIGKILL');
  site.close();
});

async function publish(
  way: string,
  more: { text?: string; token?: string; repository?: string; tag?: string; name?: string } = {},
): Promise<{ run: Run; upload: ClientUpload }> {
  const client = new Client();
  const { text = 'first', token = secret, repository = 'glibc', tag = 'py3-none-any' } = more;
  const name = more.name ?? `farm-${way.toLowerCase()}`;
  const spec = { name, version: '1.0', tag, members: { 'farm.py': `# ${text}\n` } };
  const wheel = { name, file: wheelFilename(spec), wheel: makeWheel(spec), text };
  const project = await writeProject(client, wheel);
  const upload = { ...project, client, name, token, to: `${url}/${repository}/upload/` };
  return { run: await clientOf(way).publish(upload), upload };
}

const clientOf = (way: string) => UPLOAD_CLIENTS[way] as UploadClient;
const all = ({ stdout, stderr }: Run) => `${stdout}\n${stderr}`.replace(/\s+/g, ' ');

test.each(Object.keys(UPLOAD_CLIENTS))(
  '%s publishes, and pip installs at once; again is fine, other bytes are not',
  async (way) => {
    const { says = {} } = clientOf(way);
    const { run, upload } = await publish(way);
    expect([run.exitCode, all(run)]).toEqual([0, expect.stringMatching(says.accepted ?? /published/)]);
    const { client, name } = upload;
    const target = join(client.home, 'target');
    const index = ['--index-url', `${url}/glibc/simple/`, '--target', target];
    await client.run(venvProgram('pip-latest', 'python'), ['-m', 'pip', 'install', '--no-input', ...index, name]);
    expect(readdirSync(target)).toContain(clientOf(way).builds ? `${name.replaceAll('-', '_')}.py` : 'farm.py');

    const again = await publish(way);
    expect([again.run.exitCode, all(again.run)]).toEqual([
      0,
      expect.stringMatching(says.again ?? says.accepted ?? /x/),
    ]);
    const other = await publish(way, { text: 'second' });
    expect(other.run.exitCode).not.toBe(0);
    expect(all(other.run)).toMatch(says.bad ?? /File already exists/);
  },
);

test.each(Object.keys(UPLOAD_CLIENTS))('%s shows why nothing was taken', async (way) => {
  const { says = {}, builds } = clientOf(way);
  const named = (word: string) => `${word}-${way.toLowerCase()}`;
  const stranger = await publish(way, { token: WRONG_TOKEN, name: named('strange') });
  expect(stranger.run.exitCode).not.toBe(0);
  expect(all(stranger.run)).toMatch(says.unknown ?? /copied whole|token is not known/);
  const elsewhere = await publish(way, { repository: 'musl', name: named('else') });
  expect(elsewhere.run.exitCode).not.toBe(0);
  expect(all(elsewhere.run)).toMatch(says.forbidden ?? /is not for/);
  const filename = `${named('wrong').replaceAll('-', '_')}-1.0-py3-none-any.whl`;
  if (builds) putTombstone(site.root, { filename, sha256: 'a'.repeat(64), repository: 'glibc', removed: '2026-01-01' });
  const tag = 'cp311-cp311-musllinux_1_2_x86_64';
  const wrong = await publish(way, { tag, name: named('wrong') });
  expect(wrong.run.exitCode).not.toBe(0);
  expect(all(wrong.run)).toMatch(says.bad ?? (builds ? /Other bytes were removed/ : /is for musl-x86_64/));
  const names = ['strange', 'else', 'wrong'].map((word) => named(word).replaceAll('-', '_'));
  const there = ['glibc', 'musl'].flatMap((each) => readdirSync(join(site.root, each, 'packages')));
  expect(there.filter((file) => names.some((name) => file.startsWith(name)))).toEqual([]);
});

test('after kill -9 in the middle of a body there are whole files only, and what was published still is', async () => {
  const spec = { name: 'farm-whole', version: '1.0' };
  const client = new Client();
  const file = join(client.home, wheelFilename(spec));
  await writeFile(file, makeWheel(spec));
  const upload: ClientUpload = { client, folder: '', name: spec.name, file, to: `${url}/glibc/upload/`, token: secret };
  expect(await clientOf('curl').publish(upload)).toMatchObject({ exitCode: 0 });

  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
  const head = [
    'POST /glibc/upload/ HTTP/1.1',
    'Host: 127.0.0.1',
    `Authorization: Basic ${Buffer.from(`__token__:${secret}`).toString('base64')}`,
    'Content-Type: multipart/form-data; boundary=x',
    'Content-Length: 5000000',
  ];
  const part = 'Content-Disposition: form-data; name="content"; filename="farm_half-1.0-py3-none-any.whl"';
  socket.write(`${head.join('\r\n')}\r\n\r\n--x\r\n${part}\r\n\r\n${'half'.repeat(500_000)}`);
  const packages = join(site.root, 'glibc', 'packages');
  const hidden = () => readdirSync(packages).filter((name) => name.startsWith('.'));
  for (let turns = 0; hidden().length === 0 && turns < 200; turns++) await sleep(20);
  expect(hidden()).toHaveLength(1);

  await kho.end('SIGKILL');
  said += kho.said;
  await startKho();
  expect(hidden()).toEqual([]);
  expect(readdirSync(packages).filter((name) => name.startsWith('farm_half'))).toEqual([]);
  expect(await (await fetch(`${url}/glibc/simple/farm-whole/`)).text()).toContain(wheelFilename(spec));
  await rm(file);
});

test('no token is in what kho said, nor in its record', async () => {
  const { run } = await publish('curl', { name: 'farm-last' });
  expect(run.exitCode).toBe(0);
  said += kho.said;
  expect(said).toContain('farm-last');
  const kept = new Client();
  const log = await kept.run(process.execPath, [KHO, 'log', '--json', '--site', site.root]);
  expect(log.stdout).toContain('farm-last');
  for (const token of [secret, WRONG_TOKEN]) {
    for (const text of [said, log.stdout]) {
      expect(text).not.toContain(token.slice(4, 20));
      expect(text).not.toContain(Buffer.from(`__token__:${token}`).toString('base64').slice(0, 40));
    }
  }
});
