/** Uploads over real connections, on a site that is served and watched. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { makeWheel, wheelFilename } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { uploadForm } from '../../test/support/upload-form.ts';
import { addToken } from '../access/edit-tokens.ts';
import type { Right } from '../access/token.ts';
import { loadSite } from '../config/load-config.ts';
import { ServedWatch } from '../serve-site.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Started {
  site: TestSite;
  url: string;
  token: string;
  /** More tokens. */
  tokenFor(more: { rights?: Right[]; repositories?: string[]; projects?: string[] }): Promise<string>;
  post(path: string, body: Buffer, headers?: Record<string, string>): Promise<Told>;
}

interface Told {
  status: number;
  reason: string;
  text: string;
  headers: Headers;
}

async function start(settings = ''): Promise<Started> {
  const site = new TestSite();
  closers.push(() => site.close());
  site.wheel('glibc', { name: 'always', version: '1.0' });
  site.wheel('musl', { name: 'always', version: '1.0' });
  writeFileSync(join(site.root, 'kho.toml'), `[upload]\nenabled = true\nkeep_free = "1 MB"\n${settings}`);
  await site.build();
  const { config } = await loadSite(site.root);
  let url = '';
  const served = new ServedWatch(config, {
    listen: { host: '127.0.0.1', port: 0 },
    onEvent: (event) => {
      if (event.event === 'serving') url = event.url;
    },
  });
  await served.start();
  closers.push(() => served.close());
  let count = 0;
  const tokenFor: Started['tokenFor'] = async ({ rights = ['upload', 'new'], repositories = [], projects = [] }) => {
    const { secret } = await addToken(
      config,
      { name: `t${count++}`, rights, repositories, projects },
      { who: 'test', now: Date.now() },
    );
    return secret;
  };
  const token = await tokenFor({});
  return {
    ...{ site, url, token, tokenFor },
    post: async (path, body, headers = {}) => {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        body: new Uint8Array(body),
        headers: { ...uploadForm.headers, ...uploadForm.authorization(token), ...headers },
      });
      return {
        status: response.status,
        reason: response.statusText,
        text: await response.text(),
        headers: response.headers,
      };
    },
  };
}

const FOO = { name: 'foo', version: '1.0' };
const foo = makeWheel(FOO);
const fooName = wheelFilename(FOO);

test('an upload is published when its client returns; the same bytes are fine, other ones are not', async () => {
  const { post, url, site } = await start();
  const told = await post('/glibc/upload/', uploadForm.of(fooName, foo));
  expect(told).toMatchObject({ status: 200, reason: `${fooName} is published in glibc` });
  expect(await (await fetch(`${url}/glibc/simple/foo/`)).text()).toContain(fooName);
  expect(readFileSync(join(site.root, 'glibc/packages', fooName))).toEqual(Buffer.from(foo));
  const again = await post('/glibc/', uploadForm.of(fooName, foo));
  expect(again).toMatchObject({ status: 200, reason: expect.stringContaining('was already there') });
  const other = makeWheel({ ...FOO, members: { 'foo/more.py': '1' } });
  const refused = await post('/glibc/legacy', uploadForm.of(fooName, other));
  expect(refused).toMatchObject({ status: 400, reason: expect.stringMatching(/^File already exists: foo-1.0/) });
  for (const bytes of [foo, other]) {
    expect(refused.text).toContain(createHash('sha256').update(bytes).digest('hex'));
  }
  expect(readdirSync(join(site.root, 'glibc/packages')).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(existsSync(join(site.root, 'incoming'))).toBe(false);
});
