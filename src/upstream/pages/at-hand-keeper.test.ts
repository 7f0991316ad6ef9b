import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeptUpstreamSite } from '../../../test/support/kept-upstream.ts';
import { loadSite } from '../../config/load-config.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { readKeptHeader } from '../../kept-upstream/kept-page.ts';
import { normalizeName } from '../../standards/name.ts';
import { AtHandKeeper } from './at-hand-keeper.ts';

let site: KeptUpstreamSite;
let config: SiteConfig;
let keeper: AtHandKeeper;
/** What was to be kept, as `red/foo`; and what comes of it. */
let kept: string[];
let isDone: boolean;
let own: string;
let told: string[];

const OTHER = '[upstreams.other]\nurl = "http://127.0.0.1:9/other/"\n';

beforeEach(async () => {
  vi.useFakeTimers();
  site = new KeptUpstreamSite();
  for (const name of ['red', 'hidden', 'plain']) site.wheel(name, { name: 'farm', version: '1.0' });
  site.settings(
    '',
    `upstreams = ["other", "public"]\n${OTHER}[repositories.hidden]\nupstreams = ["public"]\nprivate = true`,
  );
  ({ config } = await loadSite(site.root));
  [kept, isDone, own, told] = [[], true, '', []];
  keeper = new AtHandKeeper({
    config: () => config,
    isOwn: (project) => project === own,
    headerOf: (at) => readKeptHeader(site.root, at),
    keep: async ({ repository, project, upstream }) => {
      kept.push(`${repository.name}/${project} of ${upstream.name}`);
      return isDone;
    },
    tell: (_upstream, message) => void told.push(message),
  });
});
afterEach(() => {
  keeper.close();
  vi.useRealTimers();
  site.close();
  expect(told).toEqual([]);
});

const FOO = { upstream: 'public', project: normalizeName('foo') };
const FOR_RED = 'red/foo of public';
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

test('what comes together is told once, in repositories that everybody may read', async () => {
  site.keep('foo', '1.0');
  keeper.due(FOO);
  keeper.due(FOO);
  await pass(1);
  expect(kept).toEqual([FOR_RED]);
});

test('what could not be told is tried again, after twice as long each time', async () => {
  site.keep('foo', '1.0');
  isDone = false;
  keeper.due(FOO);
  await pass(7);
  expect(kept).toHaveLength(3);
  isDone = true;
  await pass(100);
  expect(kept).toHaveLength(4);
});

test('a file that was on its way while its name became own does not stay', async () => {
  site.keep('foo', '1.0');
  own = 'foo';
  keeper.due(FOO);
  await pass(1);
  expect([kept, site.left('foo')]).toEqual([[], []]);
});

test('after a publish, pages that are missing are looked for: once, where nothing comes of it', async () => {
  vi.useRealTimers();
  site.keep('foo', '1.0');
  site.keep('bar');
  const due = vi.spyOn(keeper, 'due');
  await keeper.published();
  await keeper.published();
  expect(due.mock.calls.map(([at]) => at)).toEqual([FOO]);
  config = (await loadSite(site.root)).config; // as each build hands them on
  await keeper.published();
  expect(due).toHaveBeenCalledTimes(1);
  const otherSettings = async (days: number) => {
    site.settings('', `upstreams = ["other", "public"]\n${OTHER}cooldown = "${days}d"`);
    config = (await loadSite(site.root)).config;
  };
  await otherSettings(1); // by these something may
  await keeper.published();
  expect(due).toHaveBeenCalledTimes(2);
  site.put('upstream/simple/red/simple/foo/index.json', '{}'); // as after a kill
  await otherSettings(2);
  await keeper.published();
  expect(due).toHaveBeenCalledTimes(3);
  site.put('upstream/simple/red/simple/foo/index.html', '');
  await otherSettings(3);
  await keeper.published();
  expect(due).toHaveBeenCalledTimes(3);
});

test('what one index has is not told where another one has the project', async () => {
  site.keep('foo', '1.0');
  site.put('upstream/other/pages/foo.json', site.read('upstream/public/pages/foo.json'));
  keeper.due(FOO);
  await pass(1);
  expect(kept).toEqual([]);
});

test('what one index has is told where the one before it has the project no more, and nothing of it is left here', async () => {
  site.keep('foo', '1.0');
  const gone = site
    .read('upstream/public/pages/foo.json')
    .replace('"changedMs":1000', '"changedMs":1000,"goneMs":2000');
  site.put('upstream/other/pages/foo.json', gone);
  keeper.due(FOO);
  await pass(1);
  expect(kept).toEqual([FOR_RED]);
});
