import { hash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWheel, wheelFilename } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { anchor, closeFolders } from '../io/reach.ts';
import { trustOwnerOf } from '../io/trusted-owners.ts';
import { keepPage } from '../kept-upstream/kept-page.ts';
import { normalizeName } from '../standards/name.ts';
import { takeIncoming } from './take-incoming.ts';

let site: TestSite;
const WHEEL = { name: 'foo', version: '1.0' };
const FILENAME = wheelFilename(WHEEL);

/** Of which an upstream lists a file, with these bytes. */
function listed(sha256: string): void {
  anchor(site.root, 'own');
  trustOwnerOf(site.root);
  const file = { filename: FILENAME, url: `https://index.example/${FILENAME}`, sha256 };
  keepPage(
    site.root,
    { upstream: 'public', index: 'https://index.example/', project: normalizeName('foo'), files: [file] },
    { bodySha256: sha256, form: 'json', files: 1, changedMs: 0 },
  );
  closeFolders(site.root);
}

beforeEach(() => {
  site = new TestSite();
  mkdirSync(join(site.root, 'glibc/packages'), { recursive: true });
});
afterEach(() => site.close());

const UPSTREAM = '[upstreams.public]\nurl = "https://index.example/"\n[repositories.glibc]\nupstreams = ["public"]\n';

async function take(toml: string, filename = FILENAME, more: object = {}) {
  site.put('kho.toml', toml);
  site.put(`incoming/${filename}`, makeWheel({ ...WHEEL, ...more }));
  const { config } = await loadSite(site.root);
  const { moved, problems } = await takeIncoming(config, { now: Date.now() });
  return [moved.map(({ to }) => to), problems.map(({ code }) => code)];
}

test('takeIncoming() takes no file of which an upstream lists other bytes, but one with a build number', async () => {
  listed('a'.repeat(64));
  expect(await take(UPSTREAM)).toEqual([[], ['listed-upstream']]);
  const rebuilt = wheelFilename({ ...WHEEL, build: '1' });
  expect((await take(UPSTREAM, rebuilt, { build: '1' }))[0]).toEqual([`glibc/packages/${rebuilt}`]);
});

test.each([
  ['where the upstream is not passed on', '[upstreams.public]\n'],
  ['of a name that is the own', `own = ["foo"]\n${UPSTREAM}`],
])('takeIncoming() takes it %s', async (_what, toml) => {
  listed('a'.repeat(64));
  expect(await take(toml)).toEqual([[`glibc/packages/${FILENAME}`], []]);
});

test('takeIncoming() takes what nobody else has', async () => {
  expect(await take(UPSTREAM)).toEqual([[`glibc/packages/${FILENAME}`], []]);
});

test('takeIncoming() takes the very bytes that an upstream lists', async () => {
  listed(hash('sha256', makeWheel(WHEEL)));
  expect(await take(UPSTREAM)).toEqual([[`glibc/packages/${FILENAME}`], []]);
});

test('takeIncoming() says which upstream lists other bytes', async () => {
  listed('a'.repeat(64));
  site.put('kho.toml', UPSTREAM);
  site.put(`incoming/${FILENAME}`, makeWheel(WHEEL));
  const { problems } = await takeIncoming((await loadSite(site.root)).config, { now: Date.now() });
  expect(problems.map(({ what }) => what)).toEqual([
    'is not taken: "public" lists a file of this name with other bytes, which clients may have locked',
  ]);
});
