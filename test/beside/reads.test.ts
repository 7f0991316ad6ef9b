/** How often a new file is read, counted in bytes: what one step has read reaches the next, for the same bytes. */
import { hash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addToken } from '../../src/access/edit-tokens.ts';
import { loadSite } from '../../src/config/load-config.ts';
import { ServedWatch } from '../../src/serve-site.ts';
import { countReads } from '../support/count-reads.ts';
import { makeSdist, makeWheel, sdistFilename, wheelFilename } from '../support/make-package.ts';
import { TestSite } from '../support/site.ts';
import { uploadForm } from '../support/upload-form.ts';

/** Files of this size are worth waiting for their times to settle: see until-settled.ts. */
const NOISE = randomBytes(17 * 1024 * 1024);
const BIG = { name: 'big', version: '1.0' };
const FILENAME = wheelFilename(BIG);
const BYTES = makeWheel({ ...BIG, members: Object.fromEntries(pieces().map((piece, n) => [`big/${n}`, piece])) });

/** Members of many sizes, some too big to be unpacked in one go. */
function pieces(): Uint8Array[] {
  const cuts = [0, 10, 5000, 600_000, 1_648_000, 5_000_000, NOISE.length];
  return cuts.slice(1).map((cut, place) => NOISE.subarray(cuts[place], cut));
}

let site: TestSite;
let counted: ReturnType<typeof countReads>;
beforeEach(async () => {
  site = new TestSite();
  site.wheel('', { name: 'always', version: '1.0' });
  mkdirSync(join(site.root, 'incoming'));
  await site.build();
});
afterEach(() => {
  counted.stop();
  site.close();
});

/** How often it was read whole, whatever its name was meanwhile. */
function timesRead(): number {
  const kept = [...counted.bytes].filter(([name]) => /^(?:big|part|\.kho-)/.test(name));
  return kept.reduce((sum, [, bytes]) => sum + bytes, 0) / BYTES.length;
}

async function drop(path: string, mode = 0o644): Promise<void> {
  chmodSync(join(site.root, site.put(path, BYTES)), mode);
  await sleep(100); // its times are to be believed
  counted = countReads(site.root);
}

const sha256 = () => hash('sha256', readFileSync(join(site.root, 'packages', FILENAME)));
const listed = () => site.json('simple/big/index.json').files[0]?.hashes.sha256;

test.each([
  ['incoming/', `incoming/${FILENAME}`, 0o644, 1],
  ['incoming/, which others may write to, and is copied,', `incoming/${FILENAME}`, 0o666, 2],
  ['packages/', `packages/${FILENAME}`, 0o644, 1],
])('a new wheel in %s is read no oftener than it has to be', async (_what, path, mode, times) => {
  await drop(path, mode);
  await site.build();
  expect(listed()).toHaveLength(64);
  expect(timesRead()).toBeGreaterThan(times - 0.01);
  expect(timesRead()).toBeLessThan(times + 0.05);
  await site.build();
  expect(timesRead()).toBeLessThan(times + 0.05);
});

const SMALL = { name: 'small', version: '1.0', description: 'What its page shows.' };

test.each([
  ['a wheel', wheelFilename(SMALL), makeWheel(SMALL), 2], // for RECORD and the like once more
  ['an sdist', sdistFilename(SMALL), makeSdist(SMALL), 1],
])('what the index has read of %s reaches its pages', async (_what, filename, bytes, times) => {
  site.put(`packages/${filename}`, bytes);
  counted = countReads(site.root);
  await site.build();
  expect(site.read('project/small/index.html')).toContain('What its page shows.');
  expect(counted.opens.get(filename)).toBe(times);
});

test('an uploaded wheel is read once, in whatever builds follow', async () => {
  writeFileSync(join(site.root, 'kho.toml'), '[upload]\nenabled = true\nkeep_free = "1 MB"\n');
  await site.build();
  const { config } = await loadSite(site.root);
  const { secret } = await addToken(
    config,
    { name: 't', rights: ['upload', 'new'], repositories: [], projects: [] },
    { who: 'test', now: Date.now() },
  );
  let url = '';
  const served = new ServedWatch(config, {
    listen: { host: '127.0.0.1', port: 0 },
    onEvent: (event) => {
      if (event.event === 'serving') url = event.url;
    },
  });
  await served.start();
  try {
    counted = countReads(site.root);
    const response = await fetch(`${url}/legacy/`, {
      method: 'POST',
      headers: { ...uploadForm.headers, ...uploadForm.authorization(secret) },
      body: new Uint8Array(uploadForm.of(FILENAME, BYTES, { md5_digest: hash('md5', BYTES) })),
    });
    expect([response.status, listed()]).toEqual([200, expect.any(String)]);
    while (!site.read('simple/index.html').includes('big')) await sleep(50); // the whole build that follows
  } finally {
    await served.close();
  }
  expect(timesRead()).toBeGreaterThan(0.99);
  expect(timesRead()).toBeLessThan(1.05);
});

test.each(['before the folders are looked through', 'after they were'])(
  'a wheel that is swapped %s is read again, or held until it is',
  async (when) => {
    await drop(`incoming/${FILENAME}`);
    const swap = () => {
      const placed = join(site.root, 'packages', FILENAME);
      const { size, mtime } = statSync(placed);
      const other = Buffer.from(BYTES);
      const place = other.indexOf(NOISE.subarray(6_000_000, 6_000_010));
      other.fill(0, place, place + 10);
      expect([size, place >= 0]).toEqual([other.length, true]);
      writeFileSync(join(site.root, 'other'), other);
      utimesSync(join(site.root, 'other'), mtime, mtime);
      renameSync(join(site.root, 'other'), placed);
    };
    const isLate = when.startsWith('after');
    let isSwapped = false;
    await site.build({
      get jobs() {
        // Asked for the first time when all is taken in.
        if (!isLate && !isSwapped) swap();
        isSwapped = true;
        return 1;
      },
      ...(isLate && { onFolders: swap }),
    });
    if (!isLate) expect(listed()).toBe(sha256());
    await site.build();
    expect(listed()).toBe(sha256());
  },
);
