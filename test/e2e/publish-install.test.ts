/**
 * `uv publish` and then `uv pip install` of the same version, again and again, at kho and through nginx, while a build of many files runs: what was
 * published is there each time. `npm run soak:publish` does it 1,000 times with 10,000 files, and says how long it took.
 */
import { chmodSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { addToken } from '../../src/access/edit-tokens.ts';
import { loadSite } from '../../src/config/load-config.ts';
import { Client } from '../support/client.ts';
import { makeWheel, wheelFilename } from '../support/make-package.ts';
import { startNginx } from '../support/nginx.ts';
import { ServedKho } from '../support/served-kho.ts';
import { TestSite } from '../support/site.ts';
import { venvProgram } from '../support/tools.ts';

const ROUNDS = Number(process.env['KHO_PUBLISH_ROUNDS'] ?? 60);
/** That are published meanwhile. */
const FILES = Number(process.env['KHO_PUBLISH_FILES'] ?? 1000);
/** In how many parts they come, spread over all rounds. */
const BUILDS = Math.max(1, Math.floor(ROUNDS / 60));

test(`${ROUNDS} versions are found by whoever installs after they were published`, {
  timeout: 120_000 + ROUNDS * 10_000,
}, async () => {
  const site = new TestSite();
  onTestFinished(() => site.close());
  site.put('kho.toml', '[upload]\nenabled = true\nkeep_free = "1 MB"\n');
  for (const name of ['glibc', 'many']) mkdirSync(join(site.root, name, 'packages'), { recursive: true });
  chmodSync(site.root, 0o755);
  const { config } = await loadSite(site.root);
  const token = { name: 'ci', rights: ['upload', 'new'] as const, repositories: [], projects: [] };
  const { secret } = await addToken(config, token, { now: Date.now() });
  const kho = await ServedKho.start(site.root);
  onTestFinished(() => kho.end('SIGKILL'));
  const post =
    `client_max_body_size 0;\nproxy_request_buffering off;\nproxy_http_version 1.1;\nproxy_read_timeout 600s;\n` +
    `proxy_set_header Host $http_host;\nproxy_set_header X-Forwarded-For $remote_addr;\nproxy_set_header X-Forwarded-Proto $scheme;\n` +
    `location / { add_header Cache-Control no-cache; if ($request_method = POST) { proxy_pass ${kho.url}; } }`;
  const nginx = await startNginx(site.root, { server: post });
  onTestFinished(() => nginx.stop());

  const client = new Client();
  const uv = venvProgram('uv', 'uv');
  const python = await client.makeVenv('uv');
  const faults: string[] = [];
  const publishMs: number[] = [];
  const bothMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    if (round % Math.ceil(ROUNDS / BUILDS) === 10) addMany(site, round);
    const url = round % 2 === 0 ? kho.url : nginx.url;
    const spec = { name: `farm${round % 5}`, version: `${round}.0` };
    const file = join(client.home, wheelFilename(spec));
    await writeFile(file, makeWheel(spec));
    const began = performance.now();
    const published = await client.tryToRun(uv, [
      'publish',
      '--publish-url',
      `${url}/glibc/upload/`,
      '--token',
      secret,
      file,
    ]);
    publishMs.push(performance.now() - began);
    const index = ['--default-index', `${url}/glibc/simple/`, '--python', python, '--no-deps', '--no-progress'];
    const installed = await client.tryToRun(uv, ['pip', 'install', ...index, `${spec.name}==${spec.version}`]);
    bothMs.push(performance.now() - began);
    if (published.exitCode !== 0 || installed.exitCode !== 0) {
      faults.push(`round ${round} at ${url}: ${published.stderr}${installed.stderr}`);
    }
  }
  if (ROUNDS > 60) {
    console.log(`${ROUNDS} rounds, ${FILES} files meanwhile in ${BUILDS} builds, ${faults.length} failures`);
    console.log(`publish: ${told(publishMs)}; publish and install: ${told(bothMs)}`);
  }
  expect(faults).toEqual([]);
});

/** At once, as `mv` of a folder brings them. */
function addMany(site: TestSite, round: number): void {
  const folder = mkdtempSync(join(site.root, 'many', 'coming-'));
  const stage = new TestSite(folder);
  const count = Math.ceil(FILES / BUILDS);
  for (let file = 0; file < count; file++) stage.wheel('.', { name: `m${round}x${file}`, version: '1.0' });
  renameSync(join(folder, 'packages'), join(site.root, 'many', 'packages', `r${round}`));
}

function told(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return `median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`;
}
