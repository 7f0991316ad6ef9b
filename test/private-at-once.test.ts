/** A repository that becomes private while a site is served: it is hidden from then on, whether the site can be published anew or not. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addToken } from '../src/access/edit-tokens.ts';
import { ServedPrivacy } from '../src/access/served-privacy.ts';
import { loadSite } from '../src/config/load-config.ts';
import { privateWhenPublished } from '../src/pages/published-privacy.ts';
import { ServedWatch } from '../src/serve-site.ts';
import type { WatchEvent } from '../src/watch/watch-event.ts';
import { TestSite } from './support/site.ts';

const SECRET = 'zyzzyva';
const OPEN = '[repositories.wide]\ninclude = ["zyzzyva"]\n';
const PRIVATE = `[repositories.${SECRET}]\nprivate = true\n`;

let site: TestSite;
let events: WatchEvent[];
beforeEach(() => {
  site = new TestSite();
  events = [];
  site.put('kho.toml', OPEN);
  for (const repository of ['open', SECRET]) site.wheel(repository, { name: 'farm', version: '1.0' });
  site.wheel('wide', { name: 'own', version: '1.0' });
});
afterEach(() => site.close());

async function served(act: (get: (path: string, token?: string) => Promise<[number, string]>) => Promise<void>) {
  const { config } = await loadSite(site.root);
  const watch = new ServedWatch(config, {
    listen: { host: '127.0.0.1', port: 0 },
    publicMetrics: true,
    onEvent: (event) => events.push(event),
  });
  try {
    await watch.start();
    const url = events.flatMap((event) => (event.event === 'serving' ? event.url : []))[0];
    await act(async (path, token) => {
      const headers = { Accept: 'text/html', ...(token !== undefined && { Authorization: `Bearer ${token}` }) };
      const answer = await fetch(`${url}/${path}`, { headers, redirect: 'manual' });
      return [answer.status, `${[...answer.headers].join()}\n${await answer.text()}`];
    });
  } finally {
    await watch.close();
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const limit = Date.now() + 20_000; !(await isSo()); await new Promise((done) => setTimeout(done, 20)))
    if (Date.now() > limit) throw new Error(`Waited in vain; kho said ${JSON.stringify(events)}`);
}

/** Everybody sees these at first; afterwards nobody may read the secret in them. */
const ELSEWHERE = [
  '',
  'project/all.html',
  'project/search-all-1.js',
  'project/changes.xml',
  'open/',
  'open/project/farm/',
  'wide/simple/farm/',
  'wide/SHA256SUMS',
];

test('a repository that becomes private is hidden at once, and pages that tell of it, though no build comes to its end', {
  timeout: 60_000,
}, async () => {
  const { config } = await loadSite(site.root);
  const { secret } = await addToken(
    config,
    { name: 'ci', rights: ['read'], repositories: [SECRET], projects: [] },
    { now: Date.now() },
  );
  await served(async (get) => {
    const before = await Promise.all(ELSEWHERE.map((path) => get(path)));
    expect(before.map(([status]) => status)).toEqual(ELSEWHERE.map(() => 200));
    expect(before.filter(([, text]) => text.includes(SECRET)).length).toBeGreaterThan(4);

    site.put('kho.toml', OPEN + PRIVATE, new Date()); // a fault: a public repository includes it
    await until(async () => (await get(`${SECRET}/simple/`))[0] === 401);
    for (const path of ['', 'simple/', 'simple/farm/', 'project/farm/', 'packages/farm-1.0-py3-none-any.whl', 'no'])
      expect((await get(`${SECRET}/${path}`))[0], path).toBe(401);
    expect((await get(`${SECRET}/simple/farm/`, secret))[0]).toBe(200);
    for (const path of [...ELSEWHERE, 'no', 'open/simple/no/', 'metrics']) {
      const [status, text] = await get(path);
      expect([200, 404, 503], path).toContain(status);
      if (ELSEWHERE.includes(path)) expect(status, path).toBe(503);
      expect(text, path).not.toContain(SECRET);
    }
    expect((await get('open/simple/farm/'))[0]).toBe(200);
    await until(async () => events.some(({ event }) => event === 'error')); // of the build

    site.put('kho.toml', PRIVATE, new Date());
    await until(async () => (await get(''))[0] === 200);
    for (const path of ELSEWHERE.filter((one) => !one.startsWith('wide'))) {
      const [status, text] = await get(path);
      expect(status, path).toBe(200);
      expect(text, path).not.toContain(SECRET);
    }
  });
});

test('what became private while nothing was served is told of by no page of before', async () => {
  await site.build();
  site.put('kho.toml', PRIVATE);
  const { config } = await loadSite(site.root);
  const open = () => ServedPrivacy.open(site.root, privateWhenPublished(site.root));
  expect([...(await open()).of(config).hidden]).toEqual([SECRET]);
  await site.build();
  const privacy = await open();
  expect([...privacy.of(config).hidden]).toEqual([]);
  expect(privacy.of(config).config).toBe(config);
});

test('without pages for people, the front page names no private repository, and is made anew when one becomes private', async () => {
  site.put('kho.toml', 'pages = false\n');
  await site.build();
  expect(site.read('index.html')).toContain(SECRET);
  site.put('kho.toml', `pages = false\n${PRIVATE}`);
  const { config } = await loadSite(site.root);
  const privacy = await ServedPrivacy.open(site.root, privateWhenPublished(site.root));
  expect([...privacy.of(config).hidden]).toEqual([SECRET]);
  await site.build();
  expect(site.read('index.html')).not.toContain(SECRET);
  expect(site.read('index.html')).toContain('open/');
});
