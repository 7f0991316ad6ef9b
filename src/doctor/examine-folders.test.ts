import { chmodSync, chownSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { examineFolders } from './examine-folders.ts';

const IS_ROOT = process.getuid?.() === 0;
/** On Debian there is always one; it is nobody's but the web server's. */
const WEB_GROUP = /^www-data:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1];
const results = async (root: string) =>
  (await examineFolders(root)).findings.map(({ check, result }) => `${check} ${result}`);

test('examineFolders() finds nothing wrong with a new site', async () => {
  expect(await results(folderTree({ 'glibc/packages/x': '' }))).toEqual([
    'writers fine',
    'web-server fine',
    'configurations fine',
  ]);
});

test.skipIf(!IS_ROOT)(
  'examineFolders() fails a site that a group may write to, with the line that mends it',
  async () => {
    const root = folderTree({ 'glibc/packages/x': '' });
    chownSync(join(root, 'glibc'), 0, 64_301);
    chmodSync(join(root, 'glibc'), 0o2775);
    const [finding] = (await examineFolders(root)).findings;
    expect(finding).toMatchObject({ check: 'writers', result: 'failed' });
    expect(finding?.hint).toContain(`chmod g-s,go-w ${root}/glibc`);
  },
);

test.skipIf(!IS_ROOT || WEB_GROUP === undefined)('examineFolders() fails a web server that may upload', async () => {
  const root = folderTree({ 'glibc/packages/x': '' });
  chownSync(join(root, 'glibc/packages'), 0, Number(WEB_GROUP));
  chmodSync(join(root, 'glibc/packages'), 0o2775);
  const [, finding] = (await examineFolders(root)).findings;
  expect(finding).toMatchObject({ check: 'web-server', result: 'failed', hint: 'gpasswd --delete www-data www-data' });
});
