/** Changes over HTTP on a site that is served and watched: what is done is published when the answer comes, and nobody gets further than a token goes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serveUploads, talkTo } from '../../test/support/served-uploads.ts';
import type { TestSite } from '../../test/support/site.ts';
import type { Right } from '../access/token.ts';
import { readLog } from '../log/read-log.ts';

const ALL: Right[] = ['yank', 'remove', 'upload', 'read'];

function fill(site: TestSite): void {
  for (const repository of ['staging', 'release', 'hidden'])
    site.wheel(repository, { name: 'always', version: '1.0', description: repository });
  for (const version of ['1.0', '2.0']) site.wheel('staging', { name: 'farm', version });
  site.wheel('staging', { name: 'other', version: '1.0' });
  site.wheel('hidden', { name: 'secret', version: '1.0' });
}

const SETTINGS = '[repositories.hidden]\nprivate = true\n';
const FARM = 'farm-1.0-py3-none-any.whl';

async function serve() {
  const served = await serveUploads(SETTINGS, fill);
  const ask = async (action: string, body: object | string, token: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${served.url}/-/${action}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }), ...headers },
    });
    const json = JSON.parse(await response.text());
    return { status: response.status, headers: response.headers, json };
  };
  const page = async (repository: string, project: string) =>
    (
      await fetch(`${served.url}/${repository}/simple/${project}/`, {
        headers: { Accept: 'application/vnd.pypi.simple.v1+json' },
      })
    ).json();
  const yanks = async (repository: string, project: string) =>
    (await page(repository, project)).files.map((file: { yanked?: string }) => file.yanked ?? false);
  const events = () =>
    [...readLog(served.site.root)].flatMap((part) => part.events).filter(({ event }) => !event.startsWith('token'));
  return { ...served, ask, page, yanks, events };
}

test('yank, unyank, move, remove and restore are published when the answer comes, and stand in the log', async () => {
  const { ask, page, yanks, events, tokenFor, site } = await serve();
  const token = await tokenFor({ rights: ALL });
  const yanked = await ask('yank', { what: ['farm==1.0'], reason: 'broken' }, token);
  expect(yanked).toMatchObject({
    status: 200,
    json: { published: true, files: [{ file: `staging/packages/${FARM}`, became: 'yanked' }] },
  });
  expect(await yanks('staging', 'farm')).toEqual(['broken', false]);
  await ask('unyank', { what: [FARM] }, token);
  expect(await yanks('staging', 'farm')).toEqual([false, false]);
  const moved = await ask('move', { what: ['farm==1.0'], to: 'release' }, token);
  expect(moved.json).toMatchObject({ published: true, files: [{ to: `release/packages/${FARM}` }] });
  expect((await page('staging', 'farm')).files).toHaveLength(1);
  expect((await page('release', 'farm')).files).toHaveLength(1);
  const settled = await ask('remove', { what: [FARM] }, token);
  expect(settled).toMatchObject({ status: 409, json: { hint: expect.stringContaining('kho yank') } });
  const would = await ask('remove', { what: [FARM], force: true, dryRun: true }, token);
  expect(would.json.notes[0]).toContain('nothing of farm is left in release');
  expect(existsSync(join(site.root, 'release/packages', FARM))).toBe(true);
  const removed = await ask('remove', { what: [FARM], force: true, reason: 'holds a password' }, token);
  expect(removed.json).toMatchObject({ published: true, files: [{ file: `release/packages/${FARM}` }] });
  expect(existsSync(join(site.root, 'release/simple/farm'))).toBe(false);
  expect((await ask('restore', { what: [FARM] }, token)).json).toMatchObject({ published: true });
  expect((await page('release', 'farm')).files).toHaveLength(1);
  expect(events().map(({ event, who, address }) => [event, who, address])).toEqual(
    ['yank', 'unyank', 'move', 'refused', 'remove', 'restore'].map((event) => [event, 't1', '127.0.0.1']),
  );
}, 30_000);

/** What a token may not do, and the words that say so. */
const FORBIDDEN: [
  string,
  string,
  object,
  { rights?: Right[]; repositories?: string[]; projects?: string[] },
  RegExp,
][] = [
  ['without the right to yank', 'yank', {}, { rights: ['upload', 'remove', 'read'] }, /may not yank here/],
  ['without the right to remove', 'remove', {}, { rights: ['upload', 'yank', 'read'] }, /may not remove here/],
  ['without the right to remove', 'restore', {}, { rights: ['yank'] }, /may not remove here/],
  [
    'for another repository',
    'yank',
    {},
    { rights: ALL, repositories: ['release'] },
    /not for the repository "staging"/,
  ],
  ['for other projects', 'yank', {}, { rights: ALL, projects: ['other'] }, /not for the project "farm"/],
  ['that may not upload', 'move', { to: 'release' }, { rights: ['remove'] }, /may not upload here/],
  ['that may not remove', 'move', { to: 'release' }, { rights: ['upload'] }, /may not remove here/],
  [
    'not for the new place',
    'move',
    { to: 'release' },
    { rights: ALL, repositories: ['staging'] },
    /not for the repository "release"/,
  ],
];

test('a token may do what it is for, and no more', async () => {
  const { ask, tokenFor, events, site } = await serve();
  const before = site.snapshot();
  for (const [index, [what, action, more, scope, why]] of FORBIDDEN.entries()) {
    const { status, json } = await ask(action, { what: ['farm==1.0'], ...more }, await tokenFor(scope));
    expect([status, json.detail], `${action} by a token ${what}`).toEqual([403, expect.stringMatching(why)]);
    expect(json.hint).toContain('another token');
    expect(site.snapshot()).toEqual(before);
    const reason = expect.stringMatching(why);
    expect(events().slice(index)).toMatchObject([{ event: 'refused', who: `t${index + 1}`, reason }]);
  }
});

test('a change of several files is done to all of them, or to none', async () => {
  const { ask, tokenFor, site } = await serve();
  const token = await tokenFor({ rights: ALL, projects: ['farm'] });
  expect((await ask('yank', { what: ['farm==1.0', 'other==1.0'] }, token)).status).toBe(403);
  expect(Object.keys(site.snapshot()).filter((path) => path.endsWith('.yanked'))).toEqual([]);
});

test('who may not read a private repository is told of nothing in it, nor that it is there', async () => {
  const { ask, tokenFor } = await serve();
  const token = await tokenFor({ rights: ALL, repositories: ['staging', 'release'] });
  for (const [hidden, made] of [
    [{ what: ['secret==1.0'] }, { what: ['nowhere==1.0'] }],
    [{ what: ['secret-1.0-py3-none-any.whl'] }, { what: ['nowhere-1.0-py3-none-any.whl'] }],
    [
      { what: ['farm==1.0'], in: 'hidden' },
      { what: ['farm==1.0'], in: 'nowhere' },
    ],
  ] as const) {
    for (const action of ['yank', 'unyank', 'remove', 'restore']) {
      const [one, other] = [await ask(action, hidden, token), await ask(action, made, token)];
      const told = (answer: { json: unknown }) => JSON.stringify(answer.json).replaceAll(/secret|nowhere|hidden/g, 'X');
      expect(told(one)).toBe(told(other));
      expect(one.status).toBe(400);
    }
  }
  const moved = await ask('move', { what: ['farm==1.0'], to: 'hidden' }, token);
  expect([moved.status, moved.json.detail]).toEqual([
    400,
    'Cannot use the repository "hidden": there is none of this name',
  ]);
  expect(moved.json.hint).toBe('those with files are release, staging');
  const done = await ask('yank', { what: ['always==1.0'] }, token);
  expect(done.json.files.map(({ file }: { file: string }) => file)).toEqual([
    'release/packages/always-1.0-py3-none-any.whl',
    'staging/packages/always-1.0-py3-none-any.whl',
  ]);
  const reader = await tokenFor({ rights: ['yank'], repositories: ['hidden'] });
  expect((await ask('yank', { what: ['secret==1.0'] }, reader)).status).toBe(200);
}, 30_000);

/** What browsers send for pages of other sites. */
const OF_BROWSERS: [string, Record<string, string>, number][] = [
  ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
  ['a form with files', { 'Content-Type': 'multipart/form-data; boundary=x' }, 415],
  ['a text, which needs no leave', { 'Content-Type': 'text/plain' }, 415],
  ['JSON, from another site', { Origin: 'https://evil.example' }, 403],
  ['JSON, from a frame of nobody', { Origin: 'null' }, 403],
  ['JSON, as a browser says of another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
];

test('no page of the web makes a browser change a site', async () => {
  const { ask, tokenFor, site, url } = await serve();
  const before = site.snapshot();
  const token = await tokenFor({ rights: ALL });
  for (const [what, headers, expected] of OF_BROWSERS) {
    const { status, headers: answered } = await ask('yank', { what: ['farm==1.0'] }, token, headers);
    expect(status, what).toBe(expected);
    expect(answered.get('access-control-allow-origin'), what).toBeNull();
    expect(site.snapshot(), what).toEqual(before);
  }
  const preflight = await fetch(`${url}/-/yank`, { method: 'OPTIONS' });
  expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS');
  expect(preflight.headers.get('access-control-allow-headers')).not.toMatch(/content-type|authorization/i);
  expect(site.snapshot()).toEqual(before);
});

const UNCLEAR = [
  ['no JSON', 'farm==1.0'],
  ['a list', '["farm==1.0"]'],
  ['nothing named', '{"what": []}'],
  ['a number', '{"what": [1]}'],
  ['a name without a version', '{"what": ["farm"]}'],
  ['a way out', '{"what": ["../../staging/packages/farm-1.0-py3-none-any.whl"]}'],
  ['something else', '{"what": ["farm==1.0"], "rm": true}'],
  ['a place', '{"what": ["farm==1.0"], "to": "release"}'],
  ['a prototype', '{"what": ["farm==1.0"], "__proto__": {"force": true}}'],
  ['too many', JSON.stringify({ what: Array.from({ length: 1001 }, () => 'farm==1.0') })],
] as const;

test('what cannot be understood is refused, and does nothing', async () => {
  const { ask, tokenFor, site } = await serve();
  const before = site.snapshot();
  const token = await tokenFor({ rights: ALL });
  for (const [what, body] of UNCLEAR) {
    const { status, json } = await ask('yank', body, token);
    expect([status, typeof json.detail], what).toEqual([400, 'string']);
    expect(site.snapshot(), what).toEqual(before);
  }
});

test('a change that is refused again and again is one line of the log', async () => {
  const { ask, events, tokenFor } = await serve();
  const token = await tokenFor({ rights: ['yank'] });
  for (let tries = 0; tries < 5; tries++)
    expect((await ask('yank', { what: ['nothing==1.0'] }, token)).status).toBe(400);
  expect(events()).toMatchObject([{ event: 'refused', who: 't1', file: 'nothing==1.0' }]);
});

test('a body without an end, of nobody, or at another address, is refused', async () => {
  const { ask, tokenFor, url, token } = await serve();
  expect((await ask('yank', '', '')).status).toBe(401);
  expect((await ask('yank', '', '', { Authorization: 'Bearer kho_no' })).json.detail).toMatch(/token/);
  const strong = await tokenFor({ rights: ALL });
  expect((await ask('yank', 'x'.repeat(100_000), strong)).status).toBe(413);
  for (const path of ['/-/', '/-/rm', '/-/yank/farm'])
    expect(
      (await fetch(`${url}${path}`, { method: 'POST', headers: { Authorization: `Bearer ${token}` } })).status,
    ).toBe(404);
  expect((await fetch(`${url}/-/yank`)).status).toBe(404);
  const head = `POST /-/yank HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${strong}\r\nContent-Type: application/json\r\n`;
  const asked = await talkTo(
    url,
    [Buffer.from(`${head}Expect: 100-continue\r\nContent-Length: 23\r\n\r\n`), Buffer.from('{"what": ["farm==2.0"]}')],
    {
      enough: /published/,
    },
  );
  expect(asked).toMatch(/^HTTP\/1.1 100 Continue/);
  expect(asked).toContain('"published":true');
});

test('what the disk says stays on it: no answer names where the site lies', async () => {
  const { ask, tokenFor, site } = await serve();
  const token = await tokenFor({ rights: ALL });
  site.put('release/packages/farm-2.0-py3-none-any.whl', 'other bytes');
  const { status, json } = await ask('move', { what: ['farm==2.0'], in: 'staging', to: 'release' }, token);
  expect([status, json.detail]).toEqual([409, expect.stringContaining('other bytes have this name there')]);
  expect(JSON.stringify(json)).not.toContain(site.root);
});
