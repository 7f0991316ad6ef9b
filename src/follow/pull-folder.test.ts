import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { bytesInPull, openPullFolder, sweepWhole } from './pull-folder.ts';

const KEY = 'a'.repeat(32);
const WHOLE = 'b'.repeat(64);

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  mkdirSync(join(site.root, '.kho/pull'), { recursive: true, mode: 0o700 });
});
afterEach(() => site.close());

const names = () => readdirSync(join(site.root, '.kho/pull')).sort();
const put = (name: string) => writeFileSync(join(site.root, '.kho/pull', name), 'part');

test('openPullFolder() takes over what was left before the machine was started anew, whoever has that number now', () => {
  put(`.kho-fetch-${KEY}.1.part`); // process 1 lives
  writeFileSync(join(site.root, '.kho/pull/boot'), 'another start');
  openPullFolder(site.root);
  expect(names()).toEqual([`.kho-fetch-${KEY}.${process.pid}.part`, 'boot']);
});

test('openPullFolder() leaves the part of a run that lives alone', () => {
  openPullFolder(site.root);
  put(`.kho-fetch-${KEY}.1.part`);
  openPullFolder(site.root);
  expect(names()).toEqual([`.kho-fetch-${KEY}.1.part`, 'boot']);
});

test('sweepWhole() removes whole files, and no parts', () => {
  openPullFolder(site.root);
  put(`.kho-fetch-${KEY}.1.part`);
  put(WHOLE);
  expect(bytesInPull(site.root)).toBe(8);
  sweepWhole(join(site.root, '.kho/pull'));
  expect(names()).toEqual([`.kho-fetch-${KEY}.1.part`, 'boot']);
});
