/** `kho serve`, killed while many upload: what it had said is true ever after, and of the rest there are whole files or none. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { addToken } from '../../src/access/edit-tokens.ts';
import { loadSite } from '../../src/config/load-config.ts';
import { makeWheel, wheelFilename } from '../support/make-package.ts';
import { runOrThrow, runProgram } from '../support/run-program.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { ServedKho } from '../support/served-kho.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';
import { uploadForm } from '../support/upload-form.ts';

const ROUNDS = 4;
const CLIENTS = 4;

test('whatever moment kho is killed at', async () => {
  const site = new TestSite();
  onTestFinished(() => site.close());
  site.put('kho.toml', '[upload]\nenabled = true\nkeep_free = "1 MB"\n');
  mkdirSync(join(site.root, 'glibc/packages'), { recursive: true });
  const { config } = await loadSite(site.root);
  const token = { name: 'ci', rights: ['upload', 'new'] as const, repositories: [], projects: [] };
  const { secret } = await addToken(config, token, { now: Date.now() });
  const random = seededRandom(7);
  const sent = new Map<string, string>();
  const published = new Set<string>();
  let kho = await ServedKho.start(site.root);
  onTestFinished(() => kho.end('SIGKILL'));

  const upload = async (name: string) => {
    const spec = { name, version: '1.0', members: { [`${name}.bin`]: 'x'.repeat(200_000) } };
    const wheel = makeWheel(spec);
    sent.set(wheelFilename(spec), createHash('sha256').update(wheel).digest('hex'));
    const response = await fetch(`${kho.url}/glibc/upload/`, {
      method: 'POST',
      body: new Uint8Array(uploadForm.of(wheelFilename(spec), wheel)),
      headers: { ...uploadForm.headers, ...uploadForm.authorization(secret) },
    });
    const text = await response.text();
    if (response.status === 200) published.add(wheelFilename(spec));
    return { status: response.status, text };
  };

  for (let round = 0; round < ROUNDS; round++) {
    let isKilled = false;
    const unanswered: string[] = [];
    const client = async (number: number) => {
      for (let count = 0; !isKilled; count++) {
        const name = `p${round}x${number}x${count}`;
        const told = await upload(name).catch(() => undefined);
        if (told === undefined) unanswered.push(name);
        else expect(told).toMatchObject({ status: 200 });
      }
    };
    const clients = Array.from({ length: CLIENTS }, (_, number) => client(number));
    await sleep(100 + random() * 700);
    isKilled = true;
    await kho.end('SIGKILL');
    await Promise.all(clients);

    kho = await ServedKho.start(site.root);
    const files = Object.entries(site.snapshot());
    const all = readdirSync(site.root, { recursive: true, encoding: 'utf8' });
    expect(all.filter((path) => /(?:^|\/)\.kho-(?!keep)/.test(path))).toEqual([]);
    const stored = files.flatMap(([path, sha256]) => (path.endsWith('.whl') ? [[path.split('/').pop(), sha256]] : []));
    expect(stored.filter(([name, sha256]) => sent.get(name as string) !== sha256)).toEqual([]);
    const names = new Set(stored.map(([name]) => name));
    expect([...published].filter((name) => !names.has(name))).toEqual([]);
    for (const name of published) {
      const page = await (await fetch(`${kho.url}/glibc/simple/${name.split('-')[0]}/`)).text();
      expect(page).toContain(sent.get(name));
    }
    for (const name of unanswered) expect(await upload(name)).toMatchObject({ status: 200 });
  }
  expect(published.size).toBeGreaterThan(ROUNDS);
  await kho.end('SIGTERM');
  await runOrThrow(process.execPath, [KHO, 'build', site.root, '--quiet']); // lists of all projects follow uploads a moment later
  expect(await runProgram(process.execPath, [KHO, 'check', site.root])).toMatchObject({ exitCode: 0 });
  expect(readFileSync(join(site.root, '.kho-keep/log-000001'), 'utf8')).not.toContain(secret.slice(4, 20));
});
