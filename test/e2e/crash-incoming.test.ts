import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copySite, faultsBetween } from '../support/crash-site.ts';
import { makeSdist, makeWheel } from '../support/make-package.ts';
import { TestSite } from '../support/site.ts';
import { letWrite, Stopped, stopAfter } from '../support/stop-writes.ts';

const FOO = 'foo-1.0-py3-none-any.whl';

function fillSite(site: TestSite): void {
  site.put('kho.toml', '[repositories.glibc]\noverwrite = false\n');
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.wheel('glibc', { name: 'bar', version: '1.0' });
}

/** A new file with a side-file, one that is published already, two that have to be refused, a side-file on its own. */
function dropFiles(incoming: TestSite): void {
  const elsewhere = (description: string) => makeWheel({ name: 'foo', version: '1.0', description });
  incoming.put('new-1.0.tar.gz', makeSdist({ name: 'new', version: '1.0' }));
  incoming.put('new-1.0.tar.gz.asc', 'signature');
  incoming.put('sub/bar-1.0-py3-none-any.whl', makeWheel({ name: 'bar', version: '1.0' }));
  incoming.put(`a/${FOO}`, elsewhere('a'));
  incoming.put(`a/${FOO}.asc`, 'signature of a');
  incoming.put(`b/${FOO}`, elsewhere('b'));
  incoming.put('bar-1.0-py3-none-any.whl.yanked', 'broken');
}

/** A folder for incoming/ on another disk than that of the site, if the machine has two. */
function folderElsewhere(site: TestSite): TestSite | undefined {
  const folder = realpathSync(mkdtempSync(join(realpathSync(tmpdir()), 'kho-incoming-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return statSync(folder).dev === statSync(site.root).dev ? undefined : new TestSite(folder);
}

test.each([
  ['on the same disk', false],
  ['on another disk', true],
])(
  'a build with files in an incoming/ %s, stopped at every write in turn, loses none of them',
  async (_what, elsewhere) => {
    const original = new TestSite();
    const site = new TestSite();
    onTestFinished(() => {
      for (const one of [original, site]) one.close();
    });
    const incoming = elsewhere ? folderElsewhere(site) : new TestSite(join(site.root, 'incoming'));
    if (!incoming) return; // there is one disk only
    fillSite(original);
    await original.build();
    const reset = () => {
      letWrite();
      copySite(original, site);
      if (elsewhere) {
        for (const name of readdirSync(incoming.root)) rmSync(join(incoming.root, name), { recursive: true });
        symlinkSync(incoming.root, join(site.root, 'incoming'));
      } else mkdirSync(incoming.root);
      dropFiles(incoming);
    };

    reset();
    const before = site.snapshot();
    const dropped = new Set(Object.values(incoming.snapshot()));
    const count = stopAfter(Number.POSITIVE_INFINITY);
    const report = await site.build();
    const after = site.snapshot();
    const incomingAfter = incoming.snapshot();
    expect(report.notes.map(({ code }) => code)).toEqual(['refused', 'refused']);
    expect(Object.keys(incomingAfter).map((path) => path.replace(FOO, 'FOO'))).toEqual(
      ['FOO', 'FOO.2', 'FOO.2.txt', 'FOO.asc', 'FOO.txt'].map((name) => `refused/${name}`),
    );
    expect(count.writes).toBeGreaterThan(40);

    for (let last = 0; last < count.writes; last++) {
      reset();
      stopAfter(last);
      await expect(site.build()).rejects.toThrow(Stopped);
      const faults = faultsBetween(publishedOf(before), publishedOf(after), publishedOf(site.snapshot()), site);
      expect(faults, `stopped after write ${last}`).toEqual([]);
      const left = new Set(Object.values({ ...site.snapshot(), ...incoming.snapshot() }));
      expect(
        [...dropped].filter((sha256) => !left.has(sha256)),
        `lost after write ${last}`,
      ).toEqual([]);
      letWrite();
      rmSync(join(site.root, '.kho/lock'), { force: true }); // its holder would be dead; here it is this very process
      await site.build();
      expect(site.snapshot(), `the build after write ${last}`).toEqual(after);
      expect(incoming.snapshot(), `incoming/ after write ${last}`).toEqual(incomingAfter);
    }
  },
  120_000,
);

/** Without what lies in incoming/. */
function publishedOf(snapshot: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(snapshot).filter(([path]) => !path.startsWith('incoming/')));
}
