import { expect, onTestFinished, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import type { HttpClient } from '../fetch/http-client.ts';
import type { SyncHead } from '../sync-format/head.ts';
import { type FollowState, readFollowed, rememberFollowed } from './follow-state.ts';
import { sendReport } from './send-report.ts';

test('sendReport() takes nothing back of what another run saw of the centre meanwhile', async () => {
  const site = new TestSite();
  onTestFinished(() => site.close());
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  const { config } = await loadSite(site.root);
  const into = config.repositories[0] as (typeof config.repositories)[number];
  const [url, asked] = ['https://centre.example/', '2026-11-29T08:00:00.000Z'];
  const seen: FollowState = { into: into.name, url, head: 'older', asked, locks: [] };
  rememberFollowed(site.root, seen);
  const post = async () => {
    rememberFollowed(site.root, { ...seen, head: 'newer' });
    return { status: 200, text: '' };
  };
  const head = { site: 'x', repository: 'glibc', counter: 1 } as SyncHead;
  const told = await sendReport(config, { url: new URL(url), into }, head, {
    ...{ client: { post } as unknown as HttpClient, doer: { now: 0, who: 'user:hà' } },
  });
  expect(told).toBeUndefined();
  const { followed } = readFollowed(site.root, into.name);
  expect(followed).toMatchObject({ head: 'newer', told: expect.any(String) });
});
