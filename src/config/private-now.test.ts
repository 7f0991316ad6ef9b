import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { PrivateNow } from './private-now.ts';

let site: TestSite;
let nowMs: number;
let privacy: PrivateNow;
beforeEach(async () => {
  site = new TestSite();
  nowMs = 0;
  privacy = await PrivateNow.open(site.root, () => nowMs);
});
afterEach(() => site.close());

/** As it stands there after a while. */
function names(settings: string | undefined): string[] {
  if (settings !== undefined) writeFileSync(join(site.root, 'kho.toml'), settings);
  nowMs += 1000;
  return [...privacy.names()].sort();
}

const LAB = '[repositories.lab]\nprivate = true\n';

test.each([
  ['what kho.toml says', LAB, ['lab']],
  ['it beside faults elsewhere', `colour = 7\nnonsense = 1\n${LAB}[repositories.open]\ninclude = ["lab"]\n`, ['lab']],
  ['nothing of what is not private', '[repositories.lab]\nprivate = false\n[repositories.open]\n', []],
])('PrivateNow.names() tells %s', (_what, settings, expected) => {
  expect(names(settings)).toEqual(expected);
});

test('PrivateNow.names() follows each change, and keeps what it knew where nobody can read the settings', () => {
  expect(names(undefined)).toEqual([]);
  expect(names(LAB)).toEqual(['lab']);
  expect(names(`${LAB}[repositories.lab`)).toEqual(['lab']);
  expect(names('#'.repeat(1_000_000))).toEqual(['lab']);
  expect(names(`${LAB}[repositories.vault]\nprivate = true\n`)).toEqual(['lab', 'vault']);
  site.remove('kho.toml');
  site.put('kho.toml/a', '');
  expect(names(undefined)).toEqual(['lab', 'vault']);
  site.remove('kho.toml');
  expect(names(undefined)).toEqual([]);
});

test('PrivateNow.names() looks at the file some times a second at most', () => {
  names('');
  writeFileSync(join(site.root, 'kho.toml'), LAB);
  nowMs += 1;
  expect([...privacy.names()]).toEqual([]);
  nowMs += 100;
  expect([...privacy.names()]).toEqual(['lab']);
});
