/** Folders are made anew, swapped and moved while they are watched: what comes into the new ones is seen at once. They wait most of the time, so most run side by side. */
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, type TestContext, test } from 'vitest';
import { makeWheel } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { WatchEvent } from './watch-event.ts';
import { SiteWatcher } from './watch-site.ts';

/** Sooner than folders are looked through without an event. */
const SOON_MS = 20_000;
const STEP_MS = 20;

/** By then kho has looked at what happened, and at folders that were new. */
const SETTLED_MS = 500;

const NAME = 'foo-1.0-py3-none-any.whl';

/** A site that is watched, with a folder outside of it for what links lead to. On a disk that gives the inode of what is gone to what comes. */
async function watchedSite(
  { onTestFinished }: TestContext,
  prepare: (site: TestSite, outside: string) => void = () => {},
) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kho-watch-')));
  const [root, outside] = [join(folder, 'site'), join(folder, 'outside')];
  for (const path of [root, outside]) mkdirSync(path);
  const site = new TestSite(root);
  const events: WatchEvent[] = [];
  site.wheel('glibc', { name: 'bar', version: '1.0' });
  site.wheel('musl', { name: 'bar', version: '1.0' });
  for (const path of ['glibc/packages/sub', 'incoming/sub']) mkdirSync(join(root, path), { recursive: true });
  site.put('kho.toml', 'pages = false\n');
  prepare(site, outside);
  const builds: number[] = [];
  const watcher = new SiteWatcher(root, {
    onEvent: (event) => events.push(event),
    onBuilt: () => builds.push(Date.now()),
  });
  onTestFinished(async () => {
    await watcher.close();
    rmSync(folder, { recursive: true });
  });
  await watcher.start();
  const until = async (isSo: () => boolean) => {
    for (const limit = Date.now() + SOON_MS; !isSo(); await sleep(STEP_MS)) {
      if (Date.now() > limit) throw new Error(`Waited in vain; kho said ${JSON.stringify(events)}`);
    }
  };
  return {
    ...{ site, outside, events, builds, watcher, until },
    path: (path: string) => join(root, path),
    /** Waits until kho has nothing to do any more, then drops a file there, and waits until it is listed. */
    async seesFilesIn(place: string, repository = 'glibc') {
      await sleep(SETTLED_MS);
      site.put(join(place, NAME), makeWheel({ name: 'foo', version: '1.0' }), new Date());
      await until(() => events.some((event) => event.event === 'file' && event.file.endsWith(NAME)));
      expect(site.listed(repository, 'foo')).toEqual([NAME]);
    },
  };
}

type WatchedFolder = Awaited<ReturnType<typeof watchedSite>>;

/** Removed, and made anew. */
const again = (path: string) => (watched: WatchedFolder) => {
  rmSync(watched.path(path), { recursive: true });
  mkdirSync(watched.path(path), { recursive: true });
};

/** The new one is made beside it, and moved to its place. */
const swapped = (path: string) => (watched: WatchedFolder) => {
  const fresh = watched.path('.fresh');
  mkdirSync(fresh);
  renameSync(watched.path(path), watched.path('.old'));
  renameSync(fresh, watched.path(path));
};

test.concurrent.for<[string, (watched: WatchedFolder) => void | Promise<void>, string]>([
  ['a sub-folder that was removed and made again', again('glibc/packages/sub'), 'glibc/packages/sub'],
  ['a sub-folder that was swapped by mv', swapped('glibc/packages/sub'), 'glibc/packages/sub'],
  ['packages/ made again', again('glibc/packages'), 'glibc/packages'],
  ['packages/ swapped by mv', swapped('glibc/packages'), 'glibc/packages'],
  [
    'a repository made again',
    (watched) => {
      rmSync(watched.path('glibc'), { recursive: true });
      mkdirSync(watched.path('glibc/packages'), { recursive: true });
    },
    'glibc/packages',
  ],
  [
    'a repository swapped by mv',
    (watched) => {
      mkdirSync(watched.path('.fresh/packages'), { recursive: true });
      renameSync(watched.path('glibc'), watched.path('.old'));
      renameSync(watched.path('.fresh'), watched.path('glibc'));
    },
    'glibc/packages',
  ],
  [
    'the site itself, swapped by mv',
    ({ site, outside }) => {
      mkdirSync(join(outside, 'fresh/glibc/packages'), { recursive: true });
      renameSync(site.root, join(outside, 'old'));
      renameSync(join(outside, 'fresh'), site.root);
    },
    'glibc/packages',
  ],
  [
    'packages/ made again twice, with hardly a moment between',
    async (watched) => {
      again('glibc/packages')(watched);
      await sleep(180);
      again('glibc/packages')(watched);
    },
    'glibc/packages',
  ],
  [
    'packages/ with a folder in it, both made again, three times',
    async (watched) => {
      for (let time = 0; time < 3; time++) {
        again('glibc/packages')(watched);
        mkdirSync(watched.path('glibc/packages/sub'));
        await sleep(40);
      }
    },
    'glibc/packages/sub',
  ],
])('SiteWatcher sees files in %s', async ([, change, place], context) => {
  const watched = await watchedSite(context);
  await change(watched);
  await watched.seesFilesIn(place);
});

test.concurrent.for<[string, (watched: WatchedFolder) => void]>([
  ['made again', again('incoming')],
  ['swapped by mv', swapped('incoming')],
  ['whose sub-folder was made again', again('incoming/sub')],
])('SiteWatcher sees files in an incoming/ %s', async ([, change], context) => {
  const watched = await watchedSite(context, (site) =>
    site.put('kho.toml', 'pages = false\n[repositories.musl]\nplatforms = ["musl"]\n'),
  );
  change(watched);
  mkdirSync(watched.path('incoming/sub'), { recursive: true });
  await watched.seesFilesIn('incoming/sub');
});

test.concurrent.for<[string, (watched: WatchedFolder) => void]>([
  [
    'a link that leads elsewhere now',
    ({ path, outside }: WatchedFolder) => {
      unlinkSync(path('glibc/packages'));
      symlinkSync(join(outside, 'two'), path('glibc/packages'));
    },
  ],
  [
    'what the link leads to, swapped by mv',
    ({ outside }: WatchedFolder) => {
      renameSync(join(outside, 'one'), join(outside, 'old'));
      renameSync(join(outside, 'two'), join(outside, 'one'));
    },
  ],
])('SiteWatcher sees files in a packages/ that is a link: %s', async ([, change], context) => {
  const watched = await watchedSite(context, (site, outside) => {
    site.remove('glibc/packages');
    for (const name of ['one', 'two']) mkdirSync(join(outside, name));
    symlinkSync(join(outside, 'one'), join(site.root, 'glibc/packages'));
  });
  change(watched);
  await watched.seesFilesIn('glibc/packages');
});

const LOGO = (colour: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path fill="${colour}" d="M0 0h1v1H0z"/></svg>`;

test.concurrent.for(['logo.svg', 'art/logo.svg'])(
  'SiteWatcher makes pages anew when the picture %s changes',
  async (logo, context) => {
    const { site, until } = await watchedSite(context, (made) => {
      made.put('kho.toml', `logo = "${logo}"\n`);
      made.put(logo, LOGO('red'));
    });
    const style = () => /project\/kho\.[\w-]+\.css/.exec(site.read('index.html'))?.[0] ?? '';
    const before = style();
    await sleep(SETTLED_MS);
    site.put(logo, LOGO('blue'), new Date());
    await until(() => style() !== before);
    expect(site.read(style())).toContain(Buffer.from(LOGO('blue')).toString('base64'));
  },
);

test.concurrent('SiteWatcher is told nothing by what is passed over', async (context) => {
  const watched = await watchedSite(context, (site) => {
    site.put('kho.toml', 'pages = false\nignore = ["old"]\n');
    for (const name of ['#recycle', 'old', 'lost+found', '.Trash-0']) {
      site.put(`glibc/packages/${name}/foo-9-py3-none-any.whl`, makeWheel({ name: 'foo', version: '9' }));
      site.put(`incoming/${name}/foo-9-py3-none-any.whl`, makeWheel({ name: 'foo', version: '9' }));
      site.put(`${name}/packages/foo-9-py3-none-any.whl`, makeWheel({ name: 'foo', version: '9' }));
    }
  });
  await sleep(SETTLED_MS);
  watched.events.length = 0;
  for (const place of ['glibc/packages', 'incoming'])
    for (const name of ['#recycle', 'old', 'lost+found', '.Trash-0'])
      watched.site.put(`${place}/${name}/foo-10-py3-none-any.whl`, makeWheel({ name: 'foo', version: '10' }));
  mkdirSync(watched.path('@eaDir/packages'), { recursive: true });
  await sleep(SETTLED_MS);
  expect(watched.events).toEqual([]);
  expect(watched.site.json('glibc/simple/index.json').projects).toEqual([{ name: 'bar' }]);
  await watched.seesFilesIn('glibc/packages');
});

test('SiteWatcher.ask() publishes what somebody waits for at once, and the lists soon after', async (context) => {
  const watched = await watchedSite(context);
  await sleep(SETTLED_MS);
  watched.site.put(`glibc/packages/${NAME}`, makeWheel({ name: 'foo', version: '1.0' }), new Date());
  const asked = Date.now();
  const outcome = await watched.watcher.ask([{ repository: 'glibc', project: 'foo' as NormalizedName, path: NAME }]);
  expect(outcome).toMatchObject({ is: 'published', changes: [{ file: `glibc/packages/${NAME}`, became: 'listed' }] });
  expect(watched.site.listed('glibc', 'foo')).toEqual([NAME]);
  expect(watched.site.json('glibc/simple/index.json').projects).toEqual([{ name: 'bar' }]);
  expect(watched.events.filter(({ event }) => event === 'file')).toHaveLength(1);
  await watched.until(() => watched.events.some(({ event }) => event === 'built'));
  expect(Date.now() - asked).toBeGreaterThan(900); // files that come to rest are listed sooner
  expect(watched.site.json('glibc/simple/index.json').projects).toEqual([{ name: 'bar' }, { name: 'foo' }]);
  expect(watched.events.filter(({ event }) => event === 'file')).toHaveLength(1);
});

test('SiteWatcher.published() takes back what events about files, and about what stands beside them, asked for', async (context) => {
  const watched = await watchedSite(context);
  await sleep(SETTLED_MS);
  const before = watched.builds.length;
  const began = Date.now();
  for (const name of [NAME, `${NAME}.metadata`, `${NAME}.asc`])
    watched.site.put(`glibc/packages/${name}`, 'x', new Date());
  for (const name of ['simple', 'pypi', 'project']) mkdirSync(watched.path(name), { recursive: true }); // kho's own
  await sleep(100); // the events have come
  watched.watcher.published([{ repository: 'glibc', project: 'foo' as NormalizedName, path: NAME }], []);
  await watched.until(() => watched.builds.length > before);
  expect((watched.builds[before] as number) - began).toBeGreaterThan(900); // what follows, and nothing sooner
});

test('SiteWatcher.ask() waits for a whole build where only that can tell', async (context) => {
  const watched = await watchedSite(context);
  watched.site.remove('.kho');
  watched.site.put(`glibc/packages/${NAME}`, makeWheel({ name: 'foo', version: '1.0' }), new Date());
  const outcome = await watched.watcher.ask([{ repository: 'glibc', project: 'foo' as NormalizedName, path: NAME }]);
  expect(outcome).toMatchObject({ is: 'published' });
  expect(watched.site.listed('glibc', 'foo')).toEqual([NAME]);
});
