/** What stands in a private repository shows nowhere else: not on a page, in no answer, under no address, to nobody without a token. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addToken, removeToken } from '../src/access/edit-tokens.ts';
import type { Right } from '../src/access/token.ts';
import { buildSite } from '../src/build-site.ts';
import { loadSite } from '../src/config/load-config.ts';
import type { SiteConfig } from '../src/config/site-config.ts';
import { type RunningServer, startServer } from '../src/server/start-server.ts';
import { CHALLENGE } from '../src/standards/http/challenge.ts';
import { TestSite } from './support/site.ts';

const SECRET = 'zyzzyva';
const ENTRY = {
  [`${SECRET}_tool-3.0.dist-info/entry_points.txt`]: `[console_scripts]\n${SECRET} = ${SECRET}_tool:main\n`,
};

let site: TestSite;
let config: SiteConfig;
let server: RunningServer;

beforeAll(async () => {
  site = new TestSite();
  site.put(
    'kho.toml',
    `[upload]\nenabled = true\n[repositories.${SECRET}-lab]\nprivate = true\ninclude = ["open", "wide"]\n[repositories.vault]\nprivate = true\n`,
  );
  site.wheel('open', { name: 'farm', version: '1.0' });
  site.wheel('open', { name: 'clash', version: '1.0', members: { 'clash/a.py': 'a' } });
  site.wheel('wide', { name: 'clash', version: '1.0', members: { 'clash/b.py': 'b' } });
  site.wheel(`${SECRET}-lab`, { name: 'farm', version: '1.0' }); // the same bytes as those in "open"
  site.wheel(`${SECRET}-lab`, {
    name: 'farm',
    version: '2.0',
    metadata: `Summary: the ${SECRET} of it`,
    description: `All about ${SECRET}`,
  });
  site.wheel(`${SECRET}-lab`, { name: `${SECRET}_tool`, version: '3.0', members: ENTRY });
  site.wheel('vault', { name: `${SECRET}_tool`, version: '3.0' });
  site.put(`${SECRET}-lab/packages/${SECRET}_broken-1.0-py3-none-any.whl`, 'no zip');
  config = (await loadSite(site.root)).config;
  await buildSite(config);
  server = await startServer({
    config: () => config,
    listen: { host: '127.0.0.1', port: 0 },
    publicMetrics: true,
    onError: (error) => {
      throw error;
    },
  });
});

afterAll(async () => {
  await server.close();
  site.close();
});

const basic = (secret: string) => ({ authorization: `Basic ${Buffer.from(`__token__:${secret}`).toString('base64')}` });
const tokenFor = async (name: string, rights: Right[], repositories: string[] = []) =>
  (await addToken(config, { name, rights, repositories, projects: [] }, { now: Date.now() })).secret;

/** All published files of a folder, by path from the site's root. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(site.root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(join(site.root, path)).isFile());
}

test('a private repository has pages of its own, in which its secrets stand', () => {
  const own = filesBelow(`${SECRET}-lab`);
  expect(own).toContain(join(`${SECRET}-lab`, 'project', `${SECRET}-tool`, 'index.html'));
  expect(readFileSync(join(site.root, `${SECRET}-lab/index.html`), 'utf8')).toContain(`${SECRET}-tool`);
});

test('each repository has its page "publish" below itself, and that of the site leads to public ones only', () => {
  for (const name of [`${SECRET}-lab`, 'vault', 'open', 'wide']) {
    expect(readFileSync(join(site.root, name, 'project/publish.html'), 'utf8')).toContain(`/${name}/upload/`);
  }
  const page = readFileSync(join(site.root, 'project/publish.html'), 'utf8');
  const links = [...page.matchAll(/href="\.\.\/([^"/]+)\/project\/publish\.html"/g)].map(([, name]) => name);
  expect(links).toEqual(['open', 'wide']);
});

test('no public file of the site has a word of a private repository', () => {
  const files = ['index.html', ...['project', 'open', 'wide'].flatMap(filesBelow)];
  expect(files.length).toBeGreaterThan(30);
  for (const path of files) {
    const text = `${path}\n${readFileSync(join(site.root, path), 'utf8')}`;
    expect(text.includes(SECRET) || text.includes('vault'), path).toBe(false);
  }
});

test('two private repositories do not tell of each other', () => {
  for (const path of filesBelow('vault')) {
    expect(readFileSync(join(site.root, path), 'utf8').includes(`${SECRET}-lab`), path).toBe(false);
  }
  for (const path of filesBelow(`${SECRET}-lab`)) {
    expect(readFileSync(join(site.root, path), 'utf8').includes('vault'), path).toBe(false);
  }
});

test('no answer to who brings no token has a word of a private repository', async () => {
  const seen = new Set([
    '/',
    '/metrics',
    '/nothing',
    '/open/simple/nothing/',
    '/open/simple/farm/',
    '/open/simple/zz/',
  ]);
  let answers = 0;
  for (const path of seen) {
    const response = await fetch(server.url + path);
    const text = await response.text();
    answers++;
    expect(text.includes(SECRET), path).toBe(false);
    if (!/html|json/.test(response.headers.get('content-type') ?? '')) continue;
    for (const [, link = ''] of text.matchAll(/(?:href|src|data-[a-z]+)="([^"#]+)"/g)) {
      const { origin, pathname } = new URL(link, server.url + path);
      if (origin === server.url) seen.add(pathname);
    }
  }
  expect(answers).toBeGreaterThan(20);
});

test('every address below a private repository answers 401 without a token, whether there is such a page or not', async () => {
  const lab = `/${SECRET}-lab`;
  const spellings = [
    '',
    '/',
    '/nothing',
    '/simple/no-such/',
    '/SHA256SUMS',
    '//simple//',
    '/pypi/farm/json',
    '/project/farm/',
  ];
  const odd = [`//${lab}/simple/`, `/%7Ayzzyva-lab/simple/`];
  for (const path of [
    ...filesBelow(`${SECRET}-lab`).map((path) => `/${path}`),
    ...spellings.map((rest) => lab + rest),
    ...odd,
  ]) {
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(server.url + path, { method, redirect: 'manual' });
      expect(response.status, `${method} ${path}`).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe(CHALLENGE[1]);
      expect(response.headers.get('access-control-allow-origin')).toBe(null);
      expect(response.headers.get('cache-control')).toBe('private, no-cache');
      expect((await response.text()).includes(`${SECRET}-tool`)).toBe(false);
    }
  }
});

test('a token with read lets in, as password, as user and as bearer, until it is removed', async () => {
  const secret = await tokenFor('reader', ['read'], [`${SECRET}-lab`]);
  const wheel = filesBelow(`${SECRET}-lab/packages`).find((path) => path.includes('tool') && path.endsWith('.whl'));
  const ways = [
    basic(secret),
    { authorization: `Basic ${Buffer.from(`${secret}:`).toString('base64')}` },
    { authorization: `Bearer ${secret}` },
  ];
  for (const headers of ways) {
    for (const path of [`/${SECRET}-lab/simple/`, `/${SECRET}-lab/simple/farm/`, `/${wheel}`, `/${SECRET}-lab/`]) {
      const response = await fetch(server.url + path, { headers });
      expect(response.status, path).toBe(200);
      expect(response.headers.get('access-control-allow-origin')).toBe(null);
      expect(response.headers.get('cache-control')).toBe('private, no-cache');
      expect(response.headers.get('vary')).toContain('Authorization');
    }
    expect((await fetch(`${server.url}/vault/simple/`, { headers })).status).toBe(401);
  }
  await removeToken(config, 'reader', {});
  expect((await fetch(`${server.url}/${SECRET}-lab/simple/`, { headers: basic(secret) })).status).toBe(401);
});

test('a token that may only upload does not read', async () => {
  const headers = basic(await tokenFor('uploader', ['upload', 'new']));
  const response = await fetch(`${server.url}/${SECRET}-lab/simple/`, { headers });
  expect([response.status, await response.text()]).toEqual([
    401,
    'The token "uploader" may not read here: its rights are upload, new\n',
  ]);
});

test('public answers are as open as ever', async () => {
  const response = await fetch(`${server.url}/open/simple/`);
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
});

test('kho build --out leaves private repositories to who asks for them', async () => {
  const out = join(site.root, '.out');
  await expect(buildSite(config, { out })).rejects.toThrow('are private, and a folder is for anybody');
});
