import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changeSite, copySite, faultsBetween, fillOldSite } from '../support/crash-site.ts';
import { TestSite } from '../support/site.ts';
import { letWrite, Stopped, stopAfter } from '../support/stop-writes.ts';

test.each([
  ['beside the packages', false],
  ['to another folder', true],
])(
  'a build %s, stopped at every write in turn, leaves a site that installs and that the next build mends',
  async (_what, elsewhere) => {
    const original = new TestSite();
    const site = new TestSite();
    const out = new TestSite();
    const oldOut = new TestSite();
    const options = elsewhere ? { out: out.root } : {};
    const published = elsewhere ? out : site;

    fillOldSite(original);
    await original.build(elsewhere ? { out: oldOut.root } : {});
    const before = (elsewhere ? oldOut : original).snapshot();
    copySite(original, site);
    changeSite(site);
    if (elsewhere) copySite(oldOut, out);
    const count = stopAfter(Number.POSITIVE_INFINITY);
    await site.build(options);
    const after = published.snapshot();
    expect(count.writes).toBeGreaterThan(50);

    for (let last = 0; last < count.writes; last++) {
      letWrite();
      copySite(original, site);
      changeSite(site);
      if (elsewhere) copySite(oldOut, out);
      stopAfter(last);
      await expect(site.build(options)).rejects.toThrow(Stopped);
      const faults = faultsBetween(before, after, published.snapshot(), published);
      expect(faults, `stopped after write ${last}`).toEqual([]);
      letWrite();
      rmSync(join(published.root, '.kho/lock'), { force: true }); // its holder would be dead; here it is this very process
      // Lost as well; but for copies, of which only .kho and SHA256SUMS together tell whose they are.
      if (!elsewhere && last % 3 === 2) rmSync(join(published.root, '.kho'), { recursive: true, force: true });
      await site.build(options);
      expect(published.snapshot(), `the build after write ${last}`).toEqual(after);
    }
    for (const one of [original, site, out, oldOut]) one.close();
  },
  240_000,
);
