import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkPrivate } from './private-folder.ts';

function makeFolders(): string {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'kho-private-')));
  onTestFinished(() => rmSync(top, { recursive: true }));
  mkdirSync(join(top, 'packages/sub'), { recursive: true, mode: 0o755 });
  return top;
}

test('checkPrivate() takes folders that nobody else may write', () => {
  const top = makeFolders();
  expect(() => checkPrivate(join(top, 'packages/sub'), top)).not.toThrow();
});

test.each([
  ['a folder of a group', (top: string) => chmodSync(join(top, 'packages'), 0o775), 'others may write there'],
  [
    'a folder of everybody below',
    (top: string) => chmodSync(join(top, 'packages/sub'), 0o757),
    'others may write there',
  ],
  [
    'a link',
    (top: string) => {
      rmSync(join(top, 'packages/sub'), { recursive: true });
      symlinkSync(top, join(top, 'packages/sub'));
    },
    'it is a link',
  ],
])('checkPrivate() refuses %s where there is no /proc, with a word', (_what, change, why) => {
  const top = makeFolders();
  change(top);
  const refused = expect.objectContaining({ code: 'SITE', message: expect.stringMatching(`${why}.*no /proc`) });
  expect(() => checkPrivate(join(top, 'packages/sub'), top)).toThrow(refused);
});
