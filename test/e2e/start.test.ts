import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runOrThrow } from '../support/run-program.ts';
import { PROJECT_DIR } from '../support/tools.ts';

test('npm start publishes real packages, and a real pip installs them', async () => {
  // Set-up downloads with the machine's own environment; what installs from kho gets an emptied one.
  const { stdout } = await runOrThrow(process.execPath, [join(PROJECT_DIR, 'scripts', 'start.mjs'), '--once'], {
    limitMs: 280_000,
  });
  for (const repository of ['armhf', 'common', 'glibc', 'musl']) {
    expect(stdout).toMatch(new RegExp(`^ *${repository} +\\d+ projects +\\d+ files`, 'm'));
  }
  expect(stdout).toMatch(/asyncpg \d.* is listed \d\.\d\d s after its last byte/);
  for (const name of ['asyncpg', 'cffi', 'orjson']) expect(stdout).toMatch(new RegExp(`import ${name} +\\d+\\.\\d+`));
  expect(stdout).toMatch(/asked for \d+ pages, [1-9]\d* metadata files, [1-9]\d* wheels/);
});
