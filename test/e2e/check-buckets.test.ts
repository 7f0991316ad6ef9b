/** `kho check s3://…` with a real store, after what people do to buckets. */

import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bytesBody } from '../../src/object-store/bytes-body.ts';
import type { ObjectStore } from '../../src/object-store/object-store.ts';
import { openStore } from '../../src/object-store/open-store.ts';
import { parseStoreAddress } from '../../src/object-store/store-address.ts';
import { setAwsEnvironment } from '../support/object-stores/store-server.ts';
import { hasVersitygw, startVersitygw, type Versitygw } from '../support/object-stores/versitygw.ts';
import { type Run, runProgram } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';

const WHEEL = 'glibc/packages/foo-1.0-py3-none-any.whl';
const PAGE = 'glibc/simple/foo/index.json';

describe.runIf(hasVersitygw)('kho check s3://…', () => {
  let server: Versitygw;
  let site: TestSite;
  let address: string;
  let store: ObjectStore;
  let restore = () => {};
  let buckets = 0;

  beforeAll(async () => {
    server = await startVersitygw();
    restore = setAwsEnvironment(server.environment);
  });

  afterAll(async () => {
    restore();
    await server?.stop();
  });

  beforeEach(async () => {
    const bucket = `check-${++buckets}`;
    await server.makeBucket(bucket);
    address = `s3://${bucket}/python`;
    store = await openStore(parseStoreAddress(address));
    site = new TestSite();
    for (const version of ['1.0', '2.0']) site.wheel('glibc', { name: 'foo', version });
    site.wheel('glibc', { name: 'bar', version: '1.0' });
    expect(await kho('build', '--out', address, site.root)).toMatchObject({ exitCode: 0 });
    return () => rmSync(site.root, { recursive: true });
  });

  const kho = (...words: string[]): Promise<Run> => {
    const { PATH, HOME } = process.env;
    const env = { ...server.environment, PATH: PATH ?? '', HOME: HOME ?? '' };
    return runProgram(process.execPath, [KHO, ...words], { env });
  };

  test('is content with what was published', async () => {
    const { exitCode: code, stdout, stderr } = await kho('check', address, site.root);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^fine: s3:\/\/check-\d+\/python has all of \d+ objects, as they should be$/m);
    expect(await kho('check', '--deep', '--out', address, site.root)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('finds and mends what was tidied by hand, synced beside, and left of nobody', async () => {
    await store.remove([WHEEL]);
    const page = readFileSync(`${site.root}/${PAGE}`);
    await store.put(PAGE, bytesBody(page), { contentType: 'binary/octet-stream', cacheControl: 'no-cache' });
    await store.put('notes.txt', bytesBody('mine'), { contentType: 'text/plain', cacheControl: 'no-cache' });
    const stray = 'glibc/packages/foo-0.1-py3-none-any.whl';
    await store.put(stray, bytesBody('old'), { contentType: 'text/plain', cacheControl: 'no-cache' });

    const found = await kho('check', '--json', address, site.root);
    expect(found.exitCode).toBe(1);
    const drifts: { file: string; what: string }[] = JSON.parse(found.stdout).drifts;
    expect(drifts.map(({ file, what }) => `${file} ${what}`)).toEqual([
      `${stray} is nothing that the site publishes, nor waits to go`,
      `${WHEEL} is missing`,
      `glibc/simple/foo/index.html names "foo-1.0-py3-none-any.whl", which is not in the bucket`,
      `${PAGE} has no mark of kho: something else put it there`,
      `${PAGE} has the type "binary/octet-stream", and ought to have "application/vnd.pypi.simple.v1+json"`,
      `${PAGE} names "foo-1.0-py3-none-any.whl", which is not in the bucket`,
      'notes.txt is nothing of this site',
    ]);

    const mended = await kho('check', '--fix', address, site.root);
    expect(mended).toMatchObject({ exitCode: 1, stderr: '' });
    expect(mended.stdout).toContain('notes.txt');
    await store.remove(['notes.txt']);
    expect(await kho('check', '--deep', address, site.root)).toMatchObject({ exitCode: 0 });
    expect(await store.head(stray)).toBeDefined(); // for a day yet
  });

  test('stops at a bucket of another site, and at words that cannot be', async () => {
    const other = new TestSite();
    other.wheel('glibc', { name: 'foo', version: '1.0' });
    await kho('build', other.root);
    const { exitCode: code, stderr } = await kho('check', '--fix', address, other.root);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('another site publishes there') });
    rmSync(other.root, { recursive: true });
    expect(await kho('check', '--fix', site.root)).toMatchObject({ exitCode: 2 });
    expect(await kho('check', site.root, site.root)).toMatchObject({ exitCode: 2 });
  });
});
