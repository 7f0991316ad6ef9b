import { expect, onTestFinished, test } from 'vitest';
import { countReads } from '../../test/support/count-reads.ts';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import type { HttpClient } from '../fetch/http-client.ts';
import type { SyncHead } from '../sync-format/head.ts';
import { type FollowState, readFollowed, rememberFollowed } from './follow-state.ts';
import { sendReport } from './send-report.ts';

const ASKED = '2026-11-29T08:00:00.000Z';

/** A site with one file that remembers a centre. @param answer of the centre, to each report */
async function follower(answer: (site: TestSite, seen: FollowState) => { status: number; text: string }) {
  const site = new TestSite();
  onTestFinished(() => site.close());
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  const { config } = await loadSite(site.root);
  const into = config.repositories[0] as (typeof config.repositories)[number];
  const url = 'https://centre.example/';
  const seen: FollowState = { into: into.name, url, head: 'older', asked: ASKED, locks: [] };
  rememberFollowed(site.root, seen);
  let sent = 0;
  const post = async () => {
    sent++;
    return answer(site, seen);
  };
  const tell = (counter = 1) =>
    sendReport(config, { url: new URL(url), into }, { site: 'x', repository: 'glibc', counter } as SyncHead, {
      ...{ client: { post } as unknown as HttpClient, doer: { now: 0, who: 'user:hà' } },
    });
  return { site, tell, sent: () => sent, followed: () => readFollowed(site.root, into.name).followed };
}

test('sendReport() takes nothing back of what another run saw of the centre meanwhile', async () => {
  const { tell, followed } = await follower((site, seen) => {
    rememberFollowed(site.root, { ...seen, head: 'newer' });
    return { status: 200, text: '' };
  });
  expect(await tell()).toBeUndefined();
  expect(followed()).toMatchObject({ head: 'newer', told: expect.any(String) });
});

test('sendReport() looks at no package where nothing was published, brought or seen since, and tells nothing twice', async () => {
  const { site, tell, sent } = await follower(() => ({ status: 200, text: '' }));
  const looks = async (counter?: number) => {
    const reads = countReads(`${site.root}/glibc`);
    expect(await tell(counter)).toBeUndefined();
    reads.stop();
    return reads.looked + reads.listed + reads.opened;
  };
  expect(await looks()).toBeGreaterThan(0);
  expect([await looks(), sent()]).toEqual([0, 1]);
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  await site.build();
  expect([(await looks()) > 0, sent()]).toEqual([true, 1]); // the centre has none of it
  expect([await looks(), sent()]).toEqual([0, 1]);
  expect([(await looks(2)) > 0, sent()]).toEqual([true, 2]);
  site.put('.kho/pull/'.concat('1'.repeat(64)), 'came');
  expect([(await looks(2)) > 0, sent()]).toEqual([true, 2]);
});

test('sendReport() tells again what did not arrive', async () => {
  let status = 503;
  const { tell, sent } = await follower(() => ({ status, text: '' }));
  expect([await tell(), await tell(), sent()]).toEqual(['it answers 503', 'it answers 503', 2]);
  status = 200;
  expect([await tell(), await tell(), sent()]).toEqual([undefined, undefined, 3]);
});
