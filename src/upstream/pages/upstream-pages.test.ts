import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { folderTree } from '../../../test/support/folder-tree.ts';
import type { HttpClient } from '../../fetch/http-client.ts';
import type { KeptHeader } from '../../kept-upstream/kept-page.ts';
import { normalizeName } from '../../standards/name.ts';
import type { PageThread } from './page-thread.ts';
import { UpstreamPages } from './upstream-pages.ts';

test('UpstreamPages waits for a page that has come, however long it takes to read', async () => {
  const url = new URL('https://index.example/simple/');
  const header: KeptHeader = { bodySha256: '', form: 'json', files: 1, changedMs: 0 };
  const comes = async () => ({ reply: { status: 200, headers: new Map(), url }, bytes: Buffer.from('{}') });
  const reads = async () => {
    await sleep(150);
    return { is: 'kept', header };
  };
  const pages = new UpstreamPages({
    ...{ root: folderTree({}), name: 'public', freshMs: 1, waitMs: 1, tell: () => {}, index: async () => url },
    client: { getOnce: comes } as unknown as HttpClient,
    thread: { run: reads } as unknown as PageThread,
    times: { patienceMs: 20 },
  });
  expect(await pages.find(normalizeName('foo'))).toMatchObject({ is: 'page', header });
});
