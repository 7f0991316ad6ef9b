/** Who is let in, and who no longer is: each way in which the file of tokens may change under a server that runs. */
import { chmodSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { withSum } from '../io/kept-lines.ts';
import { addToken, listTokens, removeToken, rotateToken } from './edit-tokens.ts';
import { TokenStore } from './token-store.ts';

const NOW = Date.parse('2026-11-29T08:00:00Z');
const DAY_MS = 86_400_000;
const WANTED = { name: 'ci-farm', rights: ['read', 'upload'] as const, repositories: [], projects: [] };

let site: TestSite;
let config: SiteConfig;
let store: TokenStore;
let told: string[];
beforeEach(async () => {
  site = new TestSite();
  site.put('glibc/packages/README', '');
  config = (await loadSite(site.root)).config;
  told = [];
  store = new TokenStore(site.root, (fault) => told.push(fault));
});
afterEach(() => site.close());

const path = () => join(site.root, '.kho-keep/kho.tokens');
const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
const who = (secret: string, now = NOW) => store.who(basic(`__token__:${secret}`), now);
const add = async (more: object = {}) => (await addToken(config, { ...WANTED, ...more }, { now: NOW })).secret;

test('TokenStore.who() knows a token by whatever way a client sends it', async () => {
  const secret = await add();
  const ways = {
    password: basic(`__token__:${secret}`),
    'password of any user': basic(`hà:${secret}`),
    'user without password': basic(`${secret}:`),
    'user without colon': basic(secret),
    'password with the end of a line': basic(`__token__:${secret}\n`),
    bearer: { authorization: `Bearer ${secret}` },
    'scheme in capitals': { authorization: `BEARER ${secret}` },
  };
  for (const [way, headers] of Object.entries(ways)) {
    expect(store.who(headers, NOW), way).toEqual({
      is: 'token',
      token: { name: 'ci-farm', rights: ['read', 'upload'], repositories: ['*'], projects: ['*'] },
    });
  }
});

test.each([
  ['nothing', {}, { is: 'nobody' }],
  ['an empty header', { authorization: '' }, { is: 'unknown', isMistyped: false }],
  ['no secret', basic(':'), { is: 'unknown', isMistyped: false }],
  ['a password', basic('hà:123456'), { is: 'unknown', isMistyped: false }],
  ['half of a token', basic('__token__:kho_abc'), { is: 'unknown', isMistyped: true }],
  ['another scheme', { authorization: 'Digest kho_abc' }, { is: 'unknown', isMistyped: false }],
  ['a header of 1 MB', { authorization: `Basic ${'a'.repeat(1e6)}` }, { is: 'unknown', isMistyped: false }],
])('TokenStore.who() lets nobody in by %s', async (_what, headers, expected) => {
  await add();
  expect(store.who(headers, NOW)).toEqual(expected);
});

test('TokenStore.who() tells a slip of the finger from a token that was removed', async () => {
  const secret = await add();
  expect(who(secret).is).toBe('token');
  expect(who(`${secret.slice(0, -7)}${secret.at(-7) === 'A' ? 'B' : 'A'}${secret.slice(-6)}`)).toEqual({
    is: 'unknown',
    isMistyped: true,
  });
  await removeToken(config, 'ci-farm', {});
  expect(who(secret)).toEqual({ is: 'unknown', isMistyped: false });
});

test('TokenStore.who() lets a token in until it expires, and says then whose it was', async () => {
  const secret = await add({ expiresMs: NOW + DAY_MS });
  expect(who(secret, NOW + DAY_MS - 1).is).toBe('token');
  expect(who(secret, NOW + DAY_MS)).toEqual({ is: 'expired', name: 'ci-farm' });
});

test('TokenStore.who() leaves out a line that was spoilt, tells it once, and knows the others', async () => {
  const [first, second] = [await add(), await add({ name: 'second' })];
  writeFileSync(path(), site.read('.kho-keep/kho.tokens').replace('"ci-farm"', '"cx-farm"'));
  expect(who(first).is).toBe('unknown');
  expect(who(second).is).toBe('token');
  expect(told).toEqual([`a line of "${path()}" cannot be read, and lets nobody in; the others hold`]);
});

test.each([
  ['a time that is none', { expires: 'never' }],
  ['no time of its making', { made: undefined }],
  ['rights that are no list', { rights: 'upload' }],
  ['no hash', { sha256: '' }],
  ['a name with a line break', { name: 'a\nb' }],
])('TokenStore.who() lets nobody in by a line with %s, though its checksum is right', async (_what, wrong) => {
  const secret = await add();
  const [head = '', line = ''] = site.read('.kho-keep/kho.tokens').split('\n');
  writeFileSync(path(), `${head}\n${withSum(JSON.stringify({ ...JSON.parse(line.slice(9)), ...wrong }))}`);
  expect(who(secret).is).toBe('unknown');
});

test('TokenStore.who() gives no rights that this kho does not know', async () => {
  const secret = await add();
  const [head = '', line = ''] = site.read('.kho-keep/kho.tokens').split('\n');
  writeFileSync(
    path(),
    `${head}\n${withSum(JSON.stringify({ ...JSON.parse(line.slice(9)), rights: ['read', 'rule'] }))}`,
  );
  expect(who(secret)).toMatchObject({ token: { rights: ['read'] } });
});

test('TokenStore.who() lets nobody in where the file or its folder is gone, and again where it is back', async () => {
  const secret = await add();
  expect(who(secret).is).toBe('token');
  renameSync(path(), `${path()}.away`);
  expect(who(secret).is).toBe('unknown');
  renameSync(`${path()}.away`, path());
  expect(who(secret).is).toBe('token');
  const folder = join(site.root, '.kho-keep');
  renameSync(folder, `${folder}.away`);
  expect(who(secret).is).toBe('unknown');
  renameSync(`${folder}.away`, folder);
  expect(who(secret).is).toBe('token');
});

test('TokenStore.who() believes no folder that others may write in, nor the file of a newer kho', async () => {
  const secret = await add();
  expect(who(secret).is).toBe('token');
  chmodSync(join(site.root, '.kho-keep'), 0o777);
  expect(who(secret).is).toBe('unknown');
  expect(told[0]).toMatch(/^nobody is let in: cannot believe/);
  chmodSync(join(site.root, '.kho-keep'), 0o700);
  expect(who(secret).is).toBe('token');
  writeFileSync(path(), withSum('kho.tokens 2'));
  expect(who(secret).is).toBe('unknown');
  expect(told[1]).toContain('a newer kho wrote it');
});

test('what is kept of tokens is nothing that lets anybody in, for nobody else to read', async () => {
  const secret = await add();
  for (const name of ['kho.tokens', 'log-000001']) {
    const text = readFileSync(join(site.root, '.kho-keep', name), 'latin1');
    expect(text).not.toContain(secret.slice(4, 20));
    expect(text).toContain('ci-farm');
  }
  expect(lstatSync(join(site.root, '.kho-keep')).mode & 0o077).toBe(0);
});

test('addToken() refuses a name that is taken, unless that one has expired', async () => {
  await add({ expiresMs: NOW - 1 });
  const second = await add();
  expect(who(second).is).toBe('token');
  await expect(add()).rejects.toThrow('Cannot add the token "ci-farm": there is one of this name');
  expect(listTokens(config).tokens).toHaveLength(1);
});

test.each([
  [{ name: 'ci farm' }, 'Cannot name a token "ci farm"'],
  [{ name: '../x' }, 'Cannot name a token'],
  [{ repositories: ['glib'] }, 'Cannot make a token for "glib": there is no such repository; did you mean "glibc"?'],
  [{ projects: ['a/b'] }, 'Cannot use "a/b" for names of projects'],
  [{ projects: ['farm-'] }, 'Cannot use "farm-" for names of projects'],
])('addToken() refuses %j: %s', async (wrong, why) => {
  await expect(add(wrong)).rejects.toThrow(why);
});

test('removeToken() and rotateToken() know no name that is not there', async () => {
  await add();
  await expect(removeToken(config, 'ci-fram', {})).rejects.toThrow(
    'Cannot find the token "ci-fram"; did you mean "ci-farm"?',
  );
  await expect(rotateToken(config, 'x', 0, { now: NOW })).rejects.toThrow('Cannot find the token "x"');
});

test('rotateToken() gives a new secret with the same rights, and the old one a while yet', async () => {
  const old = await add({ expiresMs: NOW + 30 * DAY_MS });
  const later = NOW + 20 * DAY_MS;
  const { secret, token } = await rotateToken(config, 'ci-farm', 7 * DAY_MS, { now: later });
  expect(token).toMatchObject({ name: 'ci-farm', rights: ['read', 'upload'], expiresMs: later + 30 * DAY_MS });
  expect(who(old, later + 7 * DAY_MS - 1).is).toBe('token');
  expect(who(old, later + 7 * DAY_MS).is).toBe('expired');
  expect(who(secret, later + 29 * DAY_MS).is).toBe('token');
  const last = await rotateToken(config, 'ci-farm', 0, { now: later });
  expect([who(old, later).is, who(secret, later).is, who(last.secret, later).is]).toEqual([
    'unknown',
    'unknown',
    'token',
  ]);
  expect(await removeToken(config, 'ci-farm', {})).toBe(1);
});

test('a damaged file of tokens is kept aside before it is written anew', async () => {
  await add();
  writeFileSync(path(), `${site.read('.kho-keep/kho.tokens')}what is that\n`);
  await add({ name: 'second' });
  expect(site.read('.kho-keep/kho.tokens.damaged-1')).toContain('what is that');
  expect(listTokens(config)).toMatchObject({ damaged: 0, tokens: [{ name: 'ci-farm' }, { name: 'second' }] });
});

test('no token is made where the log cannot tell of it', async () => {
  await add();
  rmSync(join(site.root, '.kho-keep/log-000001'));
  site.put('.kho-keep/log-000001/in the way', '');
  await expect(add({ name: 'second' })).rejects.toThrow('Cannot write');
  expect(listTokens(config).tokens).toHaveLength(1);
});
