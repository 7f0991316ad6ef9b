import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { openingHint } from './opening-line.ts';

/** Nobody's numbers. */
const OTHER = 54_430;

test.each([
  ['of its owner', 'packages/sub', { uid: true, group: true }, 'let kho read it: chmod u+rx packages/sub'],
  ['of a group of kho', 'packages/sub', { group: true }, 'as user %u or root: chmod g+rx packages/sub'],
  ['of somebody else', 'packages/sub', {}, 'as user %u or root: chmod o+rx packages/sub'],
  ['that is a file', 'packages/a b', { group: true }, "as user %u or root: chmod g+r 'packages/a b'"],
  ['that cannot be seen', 'packages/none/x', { uid: true }, 'let kho read it: chmod u+rx packages'],
])('openingHint() names the user and the bits of what is closed: %s', (_what, path, mine, expected) => {
  const root = folderTree({ 'packages/sub/': '', 'packages/a b': '' });
  const { uid, gid } = statSync(root);
  const who = { uid: 'uid' in mine ? uid : OTHER, groups: ['group' in mine ? gid : OTHER] };
  expect(openingHint(join(root, path), 'EACCES', path, who)).toContain(expected.replace('%u', String(uid)));
});

test('openingHint() sends who cannot read for another reason to the disk', () => {
  expect(openingHint('/srv/x', 'EIO')).toBe('the system cannot read it (EIO): look after its disk');
});
