/** Files of unit tests share modules (vitest.config.ts): what that forbids them, since nobody would notice it in the file itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const FILES = ['src', 'test'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file}`)
    .filter((file) => file.endsWith('.ts') && !/^test\/(?:e2e|beside)\//.test(file)),
);
const UNIT_TESTS = FILES.filter((file) => file.endsWith('.test.ts'));
const SHARED = FILES.filter((file) => file.startsWith('test/support/') && file !== 'test/support/each-file.ts');

test.each<[what: string, files: string[], looks: RegExp]>([
  ['mocks a module, which others have loaded already, or would get mocked', UNIT_TESTS, /\bvi\.(?:do)?mock\(/i],
  ['has hooks that only the first file would get which imports it', SHARED, /^(?:before|after)(?:Each|All)\(/m],
])('no file %s', (_what, files, looks) => {
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => looks.test(readFileSync(join(ROOT, file), 'utf8')))).toEqual([]);
});
