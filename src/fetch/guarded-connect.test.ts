import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScriptedServer } from '../../test/support/scripted-server.ts';
import { ConnectGuard, isPublicAddress } from './guarded-connect.ts';
import { HttpClient, Unreachable } from './http-client.ts';

test.each([
  ...['127.0.0.1', '127.9.9.9', '10.0.0.1', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
  ...[
    '::1',
    '::',
    '[::1]',
    'fe80::1%eth0',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ],
  ...['224.0.0.1', '255.255.255.255', 'ff02::1', 'localhost', ''],
])('isPublicAddress() of %j is false', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['8.8.8.8', '151.101.0.223', '172.32.0.1', '2a04:4e42::223', '[2a04:4e42::223]'])(
  'isPublicAddress() of %j is true',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  ['https://files.example/x.whl', false], // a name may lead anywhere: it is looked up first
  ['https://8.8.8.8/x.whl', false],
  ['https://[2a04:4e42::223]/x.whl', false],
  ['https://127.0.0.1/x.whl', true],
  ['https://[::1]/x.whl', true],
  ['https://10.0.0.1/x.whl', false], // named
  ['https://10.0.0.1:443/y/z.whl', false],
  ['http://10.0.0.1/x.whl', true],
  ['https://10.0.0.1:8443/x.whl', true],
])('ConnectGuard refuses %s: %s', (url, isRefused) => {
  const guard = new ConnectGuard();
  guard.allow(new URL('https://10.0.0.1/simple/'));
  const why = 'is on this machine, or in its own network, and nobody named it in kho.toml';
  expect(guard.refusal(new URL(url))).toBe(isRefused ? why : undefined);
});

let index: ScriptedServer;
let inside: ScriptedServer;
beforeAll(async () => {
  index = await ScriptedServer.start();
  inside = await ScriptedServer.start();
  inside.page('/secret', 'a secret');
});
afterAll(() => {
  index.stop();
  inside.stop();
});

const byName = (url: URL) => new URL(url.href.replace('127.0.0.1', 'localhost'));

test.each([
  ['an address', () => inside.url('/secret')],
  ['a name that leads there', () => byName(inside.url('/secret'))],
])('HttpClient that is guarded asks nothing of this machine but what was named: %s', async (_what, target) => {
  const client = new HttpClient({}, {}, { isGuarded: true });
  client.logIn(index.url('/simple/'));
  index.page('/simple/foo/', 'a page');
  index.answers.set('/simple/away/', (_request, response) => {
    response.writeHead(302, { Location: target().href }).end();
  });
  expect((await client.getOnce(index.url('/simple/foo/'), 100)).bytes.toString()).toBe('a page');
  await expect(client.getOnce(target(), 100)).rejects.toThrow(Unreachable);
  await expect(client.getOnce(index.url('/simple/away/'), 100)).rejects.toThrow(/own network/);
  expect(inside.requests).toEqual([]);
  await client.close();
});

test('HttpClient gives a password to its origin only, wherever a redirect leads', async () => {
  const client = new HttpClient({}, {}, { isGuarded: true });
  const named = index.url('/simple/');
  named.username = 'me';
  named.password = 'secret';
  client.logIn(named);
  client.allow(inside.url());
  index.answers.set('/simple/away/', (_request, response) => {
    response.writeHead(302, { Location: inside.url('/open').href }).end();
  });
  inside.page('/open', 'open');
  expect((await client.getOnce(index.url('/simple/away/'), 100)).bytes.toString()).toBe('open');
  const asked = (server: ScriptedServer, path: string) => server.requests.findLast((request) => request.path === path);
  expect(asked(index, '/simple/away/')?.headers.authorization).toBeDefined();
  expect(asked(inside, '/open')?.headers.authorization).toBeUndefined();
  await client.close();
});
