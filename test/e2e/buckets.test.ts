/** `kho build --out s3://…` and `publish` in kho.toml, with the built program and versitygw: what is there, how many requests it takes, and what a kill leaves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type CountingProxy, startCountingProxy } from '../support/object-stores/counting-proxy.ts';
import { hasVersitygw, startVersitygw, type Versitygw } from '../support/object-stores/versitygw.ts';
import { runProgram } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';

const WITHOUT_EXTRAS = '[bucket]\npages = false\npypi = false\nfeeds = false\n';

describe.runIf(hasVersitygw)('a bucket of versitygw', () => {
  let store: Versitygw;
  let proxy: CountingProxy;
  let bucket = '';
  let buckets = 0;
  let env: Record<string, string>;

  beforeAll(async () => {
    store = await startVersitygw();
    proxy = await startCountingProxy(store.url);
    env = { ...store.environment, AWS_ENDPOINT_URL_S3: proxy.url, PATH: '/usr/bin:/bin', HOME: store.root };
  });
  afterAll(async () => {
    await proxy?.stop();
    await store?.stop();
  });
  beforeEach(async () => {
    bucket = `packages-${++buckets}`;
    await store.makeBucket(bucket);
    proxy.asked.length = 0;
    proxy.meddle = () => undefined;
  });

  function newSite(toml = ''): TestSite {
    const site = new TestSite();
    onTestFinished(() => site.close());
    site.put('kho.toml', toml);
    for (const name of ['farm', 'barn'])
      for (const version of ['1.0', '1.1']) site.wheel('glibc', { name, version, metadata: 'Requires-Python: >=3.8' });
    return site;
  }

  /** @returns what it said, and how many requests came */
  async function build(site: TestSite, ...words: string[]) {
    proxy.asked.length = 0;
    const out = ['--out', `s3://${bucket}/python`];
    const run = await runProgram(process.execPath, [KHO, 'build', site.root, ...out, ...words], { env });
    expect(run.stdout + run.stderr).not.toContain('a secret of tests');
    return { ...run, requests: proxy.asked.length };
  }

  async function built(site: TestSite, ...words: string[]) {
    const run = await build(site, ...words);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    return run;
  }

  /** Keys below the prefix, without the record. */
  function keys(): string[] {
    const root = join(store.root, bucket, 'python');
    const all = readdirSync(root, { recursive: true, encoding: 'utf8' });
    return all.filter((key) => !key.startsWith('.kho') && statSync(join(root, key)).isFile()).sort();
  }

  const text = (key: string) => readFileSync(join(store.root, bucket, 'python', key), 'utf8');

  /** All that the site published is there as it stands on disk, and nothing else. */
  function expectWhole(site: TestSite): void {
    const published = readdirSync(site.root, { recursive: true, encoding: 'utf8' }).filter(
      (path) => !/^(?:\.kho|kho\.toml)/.test(path) && statSync(join(site.root, path)).isFile(),
    );
    expect(keys()).toEqual(published.sort());
    for (const key of published) expect([key, text(key)]).toEqual([key, site.read(key)]);
  }

  test('gets all of a site, then what changes, in few requests', async () => {
    const site = newSite();
    await built(site);
    expectWhole(site);
    expect((await built(site)).requests).toBe(1);
    site.wheel('glibc', { name: 'farm', version: '2.0' });
    expect((await built(site)).requests).toBeLessThanOrEqual(30);
    expectWhole(site);
    const report = JSON.parse((await built(site, '--json')).stdout);
    expect(report.bucket).toMatchObject({ bucket: `s3://${bucket}/python`, written: 0, requests: 1 });
  });

  test('without pages for people, pypi/ and feeds: a file more in 12 requests', async () => {
    const site = newSite(WITHOUT_EXTRAS);
    await built(site);
    site.wheel('glibc', { name: 'farm', version: '2.0' });
    expect((await built(site)).requests).toBeLessThanOrEqual(12);
    expect(keys().filter((key) => /project\/|pypi\/|\.xml$/.test(key))).toEqual([]);
    expect(proxy.asked.some((asked) => /^GET \/[^/]*\/?$/.test(asked))).toBe(false); // no LIST
  });

  test('keeps what is published no longer for the grace, and then removes it', async () => {
    const site = newSite(`${WITHOUT_EXTRAS}grace = "2s"\n`);
    await built(site);
    const wheel = 'glibc/packages/farm-1.0-py3-none-any.whl';
    site.remove(wheel);
    expect((await built(site)).stdout).toContain('of what is published no longer');
    expect(keys()).toContain(wheel);
    expect(text('glibc/simple/farm/index.html')).not.toContain('farm-1.0');
    await sleep(4000);
    expect((await built(site)).stdout).toContain('2 removed');
    expect(keys()).not.toContain(wheel);
  });

  test('belongs to one site, until another takes it over knowingly', async () => {
    await built(newSite(WITHOUT_EXTRAS));
    const before = keys();
    const other = new TestSite();
    onTestFinished(() => other.close());
    other.put('kho.toml', WITHOUT_EXTRAS);
    other.wheel('glibc', { name: 'other', version: '1.0' });
    const refused = await build(other);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('another site publishes there') });
    expect(keys()).toEqual(before);
    await built(other, '--adopt');
    expect(keys()).toContain('glibc/simple/other/index.html');
    expect(keys()).not.toContain('glibc/simple/farm/index.html');
  });

  test('is whole after a kill at any request, and the next run', async () => {
    const reference = newSite(WITHOUT_EXTRAS);
    await built(reference);
    const all = proxy.asked.length;
    const wanted = keys();
    for (let at = 1; at <= all; at += 5) {
      bucket = `packages-${++buckets}`;
      await store.makeBucket(bucket);
      const site = newSite(WITHOUT_EXTRAS);
      proxy.asked.length = 0;
      const child = spawn(process.execPath, [KHO, 'build', site.root, '--out', `s3://${bucket}/python`], {
        env,
        stdio: 'ignore',
      });
      proxy.meddle = ({ number }) => (number === at ? void child.kill('SIGKILL') : undefined);
      await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');
      proxy.meddle = () => undefined;
      await built(site);
      expect([at, keys()]).toEqual([at, wanted]);
      expect((await built(site)).requests).toBe(1);
    }
  });

  test('is whole where answers get lost after they took effect, and where it is busy', async () => {
    const site = newSite(WITHOUT_EXTRAS);
    proxy.meddle = ({ number }) => (number % 4 === 0 ? 'cut after' : number % 7 === 0 ? 503 : undefined);
    await built(site);
    site.wheel('glibc', { name: 'farm', version: '2.0' });
    await built(site);
    expect(text('glibc/simple/farm/index.html')).toContain('farm-2.0');
    proxy.meddle = () => undefined;
    expect((await built(site)).requests).toBe(1);
  });

  test('says what is wrong, and how to mend it', async () => {
    const site = newSite(WITHOUT_EXTRAS);
    proxy.meddle = () => 403;
    expect(await build(site)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/\[BUCKET\](?:.|\n)*hint: /),
    });
    proxy.meddle = () => undefined;
    const far = await build(site, '--endpoint-url', 'http://192.0.2.7');
    expect(far).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it is not encrypted') });
    const dry = await built(site, '--dry-run');
    expect(dry.stdout).toMatch(/objects to put/);
    expect(readdirSync(join(store.root, bucket))).toEqual([]);
  });

  test('follows kho watch, which tells of it once when it cannot, and tries again', async () => {
    const site = newSite(`publish = "s3://${bucket}/python"\n${WITHOUT_EXTRAS}`);
    const child = spawn(process.execPath, [KHO, 'watch', site.root, '--log', 'json'], { env });
    onTestFinished(() => void child.kill('SIGKILL'));
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (some: string) => {
      log += some;
    });
    const until = async (what: string, is: () => boolean) => {
      for (const endsAt = Date.now() + 60_000; !is(); await sleep(50))
        if (Date.now() > endsAt) throw new Error(`${what} did not come:\n${log}`);
    };
    await until('the first push', () => log.includes('"event":"pushed"'));
    proxy.meddle = () => 403;
    site.wheel('glibc', { name: 'farm', version: '2.0' });
    await until('the fault', () => log.includes('"event":"bucket"'));
    await until('the listing', () => site.read('glibc/simple/farm/index.html').includes('farm-2.0'));
    await until('a second try', () => proxy.asked.length > 2);
    expect(log.match(/"event":"bucket"/g)).toHaveLength(1);
    expect(JSON.parse(site.read('.kho/service')).bucket.fault.message).toContain('Cannot publish to');
    proxy.meddle = () => undefined;
    await until('the second push', () => log.split('"event":"pushed"').length === 3);
    expect(text('glibc/simple/farm/index.html')).toContain('farm-2.0');
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });
});
