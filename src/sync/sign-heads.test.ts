import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchCalls } from '../../test/support/changing-calls.ts';
import { follow, syncFiles } from '../../test/support/followed-site.ts';
import { callsOf, killsFor, runKilled } from '../../test/support/kill-writes.ts';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { HEAD_PATH, KEY_CREDENTIAL, signaturePath } from '../sync-format/head.ts';
import { headOfSignature, publishSigned, waitingHeads } from './sign-heads.ts';
import { signText } from './ssh-keygen.ts';

let site: TestSite;
let keys: string;
const SIGNED = 'pages = false\n[repositories.glibc]\nsync = true\nsign = true\n';

beforeEach(async () => {
  site = new TestSite();
  keys = mkdtempSync(join(tmpdir(), 'kho-keys-'));
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'an', '-f', join(keys, KEY_CREDENTIAL)]);
  site.put('kho.toml', SIGNED);
  site.wheel('glibc', { name: 'foo', version: '1.0' });
});
afterEach(() => {
  site.close();
  rmSync(keys, { recursive: true });
  delete process.env['CREDENTIALS_DIRECTORY'];
});

const key = () => ({ path: join(keys, KEY_CREDENTIAL) });
const hasHead = () => existsSync(join(site.root, 'glibc', HEAD_PATH));

async function signAll() {
  const signatures = new Map(waitingHeads(site.root).map(({ sha256, text }) => [sha256, signText(text, key())]));
  return publishSigned((await loadSite(site.root)).config, signatures);
}

/** What OpenSSH says of the head that followers get. */
function opensshTrusts(): boolean {
  const { sha256 } = follow(site, 'glibc')!;
  writeFileSync(join(keys, 'signers'), `an@example.vn namespaces="kho" ${readFileSync(`${key().path}.pub`, 'utf8')}`);
  const words = ['-Y', 'verify', '-q', '-f', join(keys, 'signers'), '-I', 'an@example.vn', '-n', 'kho'];
  try {
    execFileSync('ssh-keygen', [...words, '-s', join(site.root, 'glibc', signaturePath(sha256))], {
      input: site.read(`glibc/${HEAD_PATH}`),
      stdio: 'pipe',
    });
    return true;
  } catch {
    return false;
  }
}

test('where heads are to be signed, none is published until it is, and then OpenSSH trusts it', async () => {
  const { notes } = await site.build();
  expect(hasHead()).toBe(false);
  expect(notes).toMatchObject([{ code: 'not-signed', file: 'glibc/sync/head.json' }]);
  expect(waitingHeads(site.root)).toMatchObject([{ repository: 'glibc', head: { counter: 1 } }]);
  expect(await signAll()).toMatchObject({ signed: [{ repository: 'glibc', counter: 1 }], left: [] });
  expect(opensshTrusts()).toBe(true);
  expect(waitingHeads(site.root)).toEqual([]);
  expect((await site.build()).notes).toEqual([]);
});

test('followers keep the signed head until the next is signed, however many waited meanwhile', async () => {
  await site.build();
  await signAll();
  const first = follow(site, 'glibc')!;
  for (const version of ['2.0', '3.0']) {
    site.wheel('glibc', { name: 'foo', version });
    await site.build();
    expect(follow(site, 'glibc')).toEqual(first);
  }
  expect(waitingHeads(site.root)).toMatchObject([{ head: { counter: 3, before: first.sha256 } }]);
  await signAll();
  expect(follow(site, 'glibc')?.head.counter).toBe(3);
  expect(opensshTrusts()).toBe(true);
});

test('a head that was published unsigned goes when heads are to be signed', async () => {
  site.put('kho.toml', SIGNED.replace('sign = true\n', ''));
  await site.build();
  expect(hasHead()).toBe(true);
  site.put('kho.toml', SIGNED);
  await site.build();
  expect(hasHead()).toBe(false);
  await signAll();
  expect(follow(site, 'glibc')?.head.counter).toBe(2);
});

test('a key that systemd loaded signs as the build publishes', async () => {
  process.env['CREDENTIALS_DIRECTORY'] = keys;
  expect((await site.build()).notes).toEqual([]);
  expect(opensshTrusts()).toBe(true);
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  await site.build();
  expect(follow(site, 'glibc')?.head.counter).toBe(2);
  expect(opensshTrusts()).toBe(true);
});

test('a signature that was made elsewhere is taken for the head that it is of', async () => {
  await site.build();
  const path = join(site.root, '.kho/to-sign/glibc/head.json');
  execFileSync('ssh-keygen', ['-Y', 'sign', '-q', '-n', 'kho', '-f', key().path, path], { stdio: 'pipe' });
  const found = headOfSignature(site.root, readFileSync(`${path}.sig`, 'utf8'))!;
  await publishSigned((await loadSite(site.root)).config, new Map([[found.sha256, found.signature]]));
  expect(opensshTrusts()).toBe(true);
  expect(headOfSignature(site.root, 'hello')).toBeUndefined();
});

test.each<[string, string, () => void]>([
  [
    'whose catalogue is damaged',
    'its catalogue is not there, or damaged',
    () => {
      for (const name of syncFiles(site, 'glibc')) if (name.endsWith('.jsonl')) site.put(`glibc/sync/${name}`, '{}\n');
    },
  ],
  [
    'of another repository',
    'the head that waits is of "musl"',
    () => {
      site.put('.kho/to-sign/glibc/head.json', site.read('.kho/to-sign/glibc/head.json').replace('"glibc"', '"musl"'));
    },
  ],
])('publishSigned() leaves a head %s', async (_what, why, change) => {
  await site.build();
  change();
  expect(await signAll()).toMatchObject({
    signed: [],
    left: [{ repository: 'glibc', why: expect.stringContaining(why) }],
  });
  expect(hasHead()).toBe(false);
});

test('publishSigned() leaves a head that waits from before the one that is published', async () => {
  await site.build();
  const old = site.read('.kho/to-sign/glibc/head.json');
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  await site.build();
  await signAll();
  site.put('.kho/to-sign/glibc/head.json', old);
  expect((await signAll()).left).toMatchObject([{ why: expect.stringContaining('is older (1)') }]);
  expect(follow(site, 'glibc')?.head.counter).toBe(2);
});

test('publishSigned() refuses a signature of another head', async () => {
  await site.build();
  const [waiting] = waitingHeads(site.root);
  const signature = signText(`${waiting!.text} `, key());
  const { left } = await publishSigned((await loadSite(site.root)).config, new Map([[waiting!.sha256, signature]]));
  expect(left).toMatchObject([{ why: 'the signature is not of these bytes' }]);
  expect(hasHead()).toBe(false);
});

test('signText() says why there is no signature', () => {
  expect(signText('x', { path: '/no/such/key' })).toContain('ssh-keygen says: ');
});

test('publishSigned() puts the signature there before its head, and killed at any change leaves a head that has one', async () => {
  await site.build();
  await signAll();
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  await site.build();
  const told: string[] = [];
  const stop = watchCalls([join(site.root, 'glibc')], {
    after: ({ name, paths }) =>
      void (name === 'renameSync' && told.push((paths.at(-1) as string).replace(/.*\.(?=\w+$)/, ''))),
  });
  const { config } = await loadSite(site.root);
  const [waiting] = waitingHeads(site.root);
  const signatures = new Map([[waiting!.sha256, signText(waiting!.text, key())]]);
  const undo = { head: site.read(`glibc/${HEAD_PATH}`), waiting: waiting!.text };
  const kills = killsFor(await callsOf([site.root], () => publishSigned(config, signatures)));
  stop();
  expect(told.slice(-2)).toEqual(['sig', 'json']);
  for (const kill of kills) {
    site.put(`glibc/${HEAD_PATH}`, undo.head);
    site.put('.kho/to-sign/glibc/head.json', undo.waiting);
    rmSync(join(site.root, 'glibc', signaturePath(waiting!.sha256)), { force: true });
    await runKilled([site.root], kill, () => publishSigned(config, signatures));
    expect(opensshTrusts(), JSON.stringify(kill)).toBe(true);
  }
});
