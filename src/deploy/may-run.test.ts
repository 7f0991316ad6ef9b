import { chmodSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { checkMayRun, isAllowed } from './may-run.ts';

const NOBODY_YET = 'kho-user-of-tests';

function installed(): { root: string; program: string[] } {
  const root = realpathSync(folderTree({ 'opt/bin/node': '', 'opt/lib/kho.js': '' }));
  for (const path of ['.', 'opt', 'opt/bin', 'opt/lib', 'opt/bin/node']) chmodSync(join(root, path), 0o755);
  chmodSync(join(root, 'opt/lib/kho.js'), 0o644);
  return { root, program: [join(root, 'opt/bin/node'), join(root, 'opt/lib/kho.js')] };
}

test('checkMayRun() lets a user run what all may', () => {
  checkMayRun(installed().program, NOBODY_YET, NOBODY_YET);
});

test.each([
  ['.', 0o700, 'it may not enter "ROOT"'],
  ['opt', 0o750, 'it may not enter "ROOT/opt"'],
  ['opt/lib', 0o700, 'it may not enter "ROOT/opt/lib"'],
  ['opt/bin/node', 0o644, 'it may not read that'],
  ['opt/lib/kho.js', 0o600, 'it may not read that'],
])('checkMayRun() refuses a program in the way of which %s stands with mode %o', (path, mode, why) => {
  const { root, program } = installed();
  chmodSync(join(root, path), mode);
  expect(() => checkMayRun(program, NOBODY_YET, NOBODY_YET)).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(why.replace('ROOT', root)) }),
  );
  checkMayRun(program, 'root', 'root');
  chmodSync(join(root, path), 0o755);
});

test.each([
  ['others', 0o751, 9, [], true],
  ['others, closed', 0o770, 9, [], false],
  ['its owner', 0o700, 5, [], true],
  ['its owner, closed to him alone', 0o077, 5, [], false],
  ['its group', 0o710, 9, [6], true],
  ['its group, closed to it alone', 0o701, 9, [6], false],
  ['a user that is not there yet', 0o750, undefined, [], false],
])('isAllowed() for %s of mode %o', (_what, mode, user, groups, expected) => {
  expect(isAllowed({ mode, uid: 5, gid: 6 }, 1, user, new Set(groups))).toBe(expected);
});
