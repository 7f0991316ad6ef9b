/** What `kho doctor` says of sites that were set up by hand, as people do who come from dumb-pypi. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Examination } from '../../src/doctor/examine.ts';
import { clientEnvironment } from '../support/client-environment.ts';
import { hasNginx, startNginx } from '../support/nginx.ts';
import { NO_CREDENTIALS } from '../support/object-stores/store-server.ts';
import { runProgram } from '../support/run-program.ts';
import { makeContractSite } from '../support/server-contract.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';

let site: TestSite;
beforeAll(async () => {
  site = await makeContractSite();
});
afterAll(() => site.close());

/** The usual recipe, without its Lua module, which current packages of nginx no longer bring. */
const OLD_RECIPE = `
location / {
  try_files $uri $uri/index.html =404;
}`;

/** The same with what people add so that they can look around. */
const WITH_LISTINGS = `
autoindex on;
location / {
  try_files $uri $uri/index.html $uri/ =404;
}`;

/** What is left when nobody reads any recipe. */
const NOTHING = 'location / { index index.html; }';

async function diagnose(server: string): Promise<{ exitCode: number | null; findings: Examination['findings'] }> {
  const nginx = await startNginx(site.root, { server });
  try {
    const words = ['doctor', `${nginx.url}/glibc/simple/`, '--json'];
    const { exitCode, stdout } = await runProgram(process.execPath, [KHO, ...words]);
    const examination: Examination = JSON.parse(stdout);
    expect(examination.server).toBe('nginx');
    return { exitCode, findings: examination.findings };
  } finally {
    await nginx.stop();
  }
}

describe.runIf(hasNginx)('kho doctor', () => {
  test.each([
    ['the old recipe', OLD_RECIPE, ['slash', 'spelling', 'double-slash', 'json', 'fresh', 'json-api', 'hidden']],
    [
      'listings',
      WITH_LISTINGS,
      ['slash', 'spelling', 'double-slash', 'json', 'fresh', 'json-api', 'hidden', 'folders'],
    ],
    ['a bare folder', NOTHING, ['spelling', 'double-slash', 'json', 'fresh', 'json-api', 'hidden', 'folders']],
  ])('finds what %s gets wrong, and says what to change in nginx', async (_what, server, failing) => {
    const { exitCode, findings } = await diagnose(server);
    const failed = findings.filter(({ result }) => result === 'failed');
    expect(failed.map(({ check }) => check)).toEqual(failing);
    expect(exitCode).toBe(1);
    const inNginx = failed.filter(({ hint }) => hint?.startsWith('in the configuration of nginx:\n'));
    expect(inNginx.map(({ check }) => check)).toEqual(failing.filter((check) => check !== 'spelling'));
  });

  test('tells each fault with its way out, and what prints a whole configuration', async () => {
    const nginx = await startNginx(site.root, { server: OLD_RECIPE });
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, [KHO, 'doctor', `${nginx.url}/glibc`]);
    await nginx.stop();
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(stdout).toContain(`${nginx.url}/glibc/simple/ (nginx)`);
    expect(stdout).toMatch(/failed {2}an address without its slash .*\n {10}http.*its links lead astray\n {10}hint: /);
    expect(stdout).toContain('kho config nginx prints');
  });

  test('looks at all repositories of a site whose address it is given', async () => {
    const nginx = await startNginx(site.root, { server: OLD_RECIPE });
    const text = await runProgram(process.execPath, [KHO, 'doctor', nginx.url]);
    const json = await runProgram(process.execPath, [KHO, 'doctor', nginx.url, '--json']);
    await nginx.stop();
    const urls = ['common', 'glibc'].map((name) => `${nginx.url}/${name}/simple/`);
    for (const url of urls) expect(text.stdout).toContain(`${url} (nginx)`);
    expect((JSON.parse(json.stdout) as Examination[]).map(({ url }) => url).sort()).toEqual(urls);
    expect([text.exitCode, json.exitCode]).toEqual([1, 1]);
  });

  test('exits with 1 where nothing answers, and with 2 where nothing was asked', async () => {
    const nobody = await runProgram(process.execPath, [KHO, 'doctor', 'http://127.0.0.1:1/simple/']);
    expect([nobody.exitCode, nobody.stderr]).toEqual([1, '']);
    expect(nobody.stdout).toContain('ECONNREFUSED');
    expect(nobody.stdout.split('\n').length).toBeLessThan(10);
    expect((await runProgram(process.execPath, [KHO, 'doctor', 'packages'])).exitCode).toBe(2);
  });
});

test('kho doctor asks for a bucket where kho.toml of its site says that it is', async () => {
  const own = new TestSite();
  own.wheel('glibc', { name: 'foo', version: '1.0' });
  own.put('kho.toml', '[bucket]\nendpoint = "http://127.0.0.1:1"\n');
  const { env } = clientEnvironment({ ...NO_CREDENTIALS, AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' });
  const words = ['doctor', 's3://team/python', '--site', own.root, '--json'];
  const { exitCode, stdout } = await runProgram(process.execPath, [KHO, ...words], { env });
  own.close();
  const [bucket] = JSON.parse(stdout) as Examination[];
  expect([exitCode, bucket?.findings[0]?.what]).toEqual([
    1,
    expect.stringContaining('http://127.0.0.1:1 cannot be reached'),
  ]);
});
