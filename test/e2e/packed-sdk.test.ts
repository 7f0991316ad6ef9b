/** What buckets need stands packed in dist/kho.js: nobody else pays for it. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientEnvironment } from '../support/client-environment.ts';
import { NO_CREDENTIALS } from '../support/object-stores/store-server.ts';
import { runProgram } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';

/** Each module that is unpacked is compiled by a call of its own, which names it. */
const PRELOAD = `
const { appendFileSync } = require('node:fs');
const vm = require('node:vm');
const { compileFunction } = vm;
vm.compileFunction = (code, names, options) => {
  appendFileSync(process.env.UNPACKED, options.filename + '\\n');
  return compileFunction(code, names, options);
};
`;

/** As it names itself. */
const SDK = 'kho.js/aws-sdk';

let site: TestSite;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kho-unpacked-'));
  writeFileSync(join(folder, 'preload.cjs'), PRELOAD);
  site = new TestSite();
  site.wheel('glibc', { name: 'foo', version: '1.0' });
});
afterAll(() => {
  site.close();
  rmSync(folder, { recursive: true });
});

/** What a run unpacks, by name. */
async function unpackedBy(words: readonly string[]): Promise<string[]> {
  const list = join(folder, 'unpacked');
  writeFileSync(list, '');
  const { env } = clientEnvironment({ ...NO_CREDENTIALS, UNPACKED: list });
  const { stderr } = await runProgram(process.execPath, ['--require', join(folder, 'preload.cjs'), KHO, ...words], {
    env,
  });
  expect(stderr).not.toContain('internal error');
  return readFileSync(list, 'utf8').split('\n').filter(Boolean);
}

test.each([
  [['--version']],
  [['--help']],
  [['help', 'doctor']],
  [['build', 'SITE']],
  [['build', 'SITE']],
  [['list', 'SITE']],
  [['check', 'SITE']],
  [['status', 'SITE']],
  [['show', 'foo', '--site', 'SITE']],
  [['config', 'nginx', '--site', 'SITE', '--url', 'https://packages.example.org']],
  [['doctor', 'http://127.0.0.1:1/simple/']],
  [['doctor', '--site', 'SITE']],
])('kho %j unpacks nothing that is for buckets', async (words) => {
  const unpacked = await unpackedBy(words.map((word) => (word === 'SITE' ? site.root : word)));
  expect(unpacked).not.toContain(SDK);
});

test('kho doctor of a bucket does, else this test sees nothing', async () => {
  expect(await unpackedBy(['doctor', 's3://bucket/x', '--endpoint-url', 'http://127.0.0.1:1'])).toContain(SDK);
});

/** In bytes. What buckets add is 240 KB; the rest has room to grow. */
const MOST_BYTES = 3_000_000;

test('the bundle stays small enough to be sent around', () => {
  expect(statSync(KHO).size).toBeLessThan(MOST_BYTES);
});
