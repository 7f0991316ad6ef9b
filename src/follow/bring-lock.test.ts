/** Files of a lock over a line that is gone, or that somebody else answers on: it is not asked for each of them again and again. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MadeCentre } from '../../test/support/made-centre.ts';
import { HttpClient } from '../fetch/http-client.ts';
import { bringLock } from './bring-lock.ts';
import { centreAt } from './centre.ts';
import type { PlannedLock } from './pull-plan.ts';

const FILES = 30;
const PAGE = '<!DOCTYPE html><title>Sign in</title><form action="/login"></form>';

async function bringing() {
  const [made, folder] = [await MadeCentre.start('armhf'), mkdtempSync(join(tmpdir(), 'kho-bring-'))];
  onTestFinished(() => made.stop());
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = Array.from({ length: FILES }, (_, place) => made.wheel({ name: `foo${place + 10}`, version: '1.0' }));
  const client = new HttpClient({}, { firstWaitMs: 1 });
  onTestFinished(() => client.close());
  const bring = files.map((file) => ({ file, filename: file.path }));
  const lock: PlannedLock = { path: 'x.txt', closure: {} as never, bring, bytes: 1, lacking: [] };
  const centre = centreAt(new URL(made.url), 'armhf', client);
  const about = { folder, client, parallel: 2, onBytes: () => {}, packages: [], idleMs: 1 };
  return { made, folder, bring: () => bringLock(lock, centre, about) };
}

/** @param count of the first files of a lock */
const paths = (count = FILES) =>
  Array.from({ length: count }, (_, place) => `/armhf/packages/foo${place + 10}-1.0-py3-none-any.whl`);

test('bringLock() asks for some files in vain where the line is gone, and says that it asked for no more', async () => {
  const { made, bring } = await bringing();
  for (const path of paths()) made.server.answers.set(path, (_request, response) => void response.writeHead(503).end());
  const { failed } = await bring();
  expect(failed.at(-1)).toEqual({
    filename: expect.stringMatching(/^2\d more$/),
    why: expect.stringContaining('not asked'),
  });
  const asked = new Set(made.log).size;
  expect([asked >= 8, asked <= 30]).toEqual([true, true]);
  expect(made.log.length).toBeLessThan(3 * 10 * 5); // rounds, files, tries
});

test('bringLock() goes on with what it did not ask for, though the first files never come', async () => {
  const { made, folder, bring } = await bringing();
  for (const path of paths(10))
    made.server.answers.set(path, (_request, response) => void response.writeHead(503).end());
  const { failed } = await bring();
  expect(failed.length).toBeGreaterThanOrEqual(8);
  expect(readdirSync(folder)).toHaveLength(FILES - 10);
});

test('bringLock() asks for nothing more where a page for people comes in the place of a file', async () => {
  const { made, bring } = await bringing();
  for (const path of paths()) {
    made.server.answers.set(
      path,
      (_request, response) => void response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(PAGE),
    );
  }
  const { failed } = await bring();
  expect(failed[0]?.why).toContain('a page for people came in its place');
  expect(made.log.length).toBeLessThanOrEqual(2);
});

test('bringLock() takes a file for what it is, whatever its server calls it', async () => {
  const { made, bring } = await bringing();
  for (const path of paths()) {
    const bytes = made.bytes.get(path.slice('/armhf/'.length)) as Uint8Array;
    made.server.answers.set(
      path,
      (_request, response) =>
        void response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': bytes.length }).end(bytes),
    );
  }
  expect(await bring()).toEqual({ failed: [], isStopped: false });
});
