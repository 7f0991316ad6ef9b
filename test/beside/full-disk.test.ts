/** A disk that is full at each write of an upload in turn: what is told is true, and the next try succeeds. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { loadSite } from '../../src/config/load-config.ts';
import { writeHook } from '../../src/io/disk.ts';
import { forgetFolder } from '../../src/io/reach.ts';
import { heldTemporaryName } from '../../src/io/temporary-name.ts';
import { readLog } from '../../src/log/read-log.ts';
import type { UploadOrder } from '../../src/upload/order.ts';
import { copySite } from '../support/crash-site.ts';
import { makeWheel, wheelFilename } from '../support/make-package.ts';
import { refusal } from '../support/poor-disk.ts';
import { TestSite } from '../support/site.ts';
import { letWrite } from '../support/stop-writes.ts';
import { takeUploads } from '../support/take-uploads.ts';

afterEach(letWrite);

/** What asks a disk for room. */
const NEEDS_ROOM = ['file', 'folder', 'link', 'rename', 'copy', 'flush', 'sync'];

const SPEC = { name: 'foo', version: '1.0' };
const FILE = wheelFilename(SPEC);
const WHEEL = makeWheel(SPEC);

test.each([
  ['then there is room again', true, 'in memory'],
  ['and stays so', false, 'in memory'],
  ['then there is room again', true, 'on the disk'],
  ['and stays so', false, 'on the disk'],
])(
  'takeUploads() on a disk that is full at any write, %s (%j), of a file that came %s',
  async (_what, isOnce, where) => {
    const [original, site] = [new TestSite(), new TestSite()];
    onTestFinished(() => {
      for (const one of [original, site]) one.close();
    });
    original.wheel('glibc', { name: 'always', version: '1.0' });
    original.put('kho.toml', 'pages = false\n[repositories.glibc]\n');
    await original.build();
    let outcomes = 0;
    for (let full = 0; ; full++) {
      copySite(original, site);
      forgetFolder(site.root);
      const { config } = await loadSite(site.root);
      const folder = join(site.root, 'glibc/packages', heldTemporaryName().name);
      const isOnDisk = where === 'on the disk';
      const order: UploadOrder = {
        content: isOnDisk ? { folder, part: 'part' } : { bytes: new Uint8Array(WHEEL) },
        ...{ filename: FILE, sha256: createHash('sha256').update(WHEEL).digest('hex') },
        ...{ repository: 'glibc', address: 'x', said: { sha256: [], md5: [] } },
        signature: Buffer.from('-----BEGIN PGP SIGNATURE-----\n'),
        token: { name: 'ci', rights: ['upload', 'new'], repositories: ['*'], projects: ['*'] },
      };
      const receive = () => {
        if (!isOnDisk) return;
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { mode: 0o700 });
        writeFileSync(join(folder, 'part'), WHEEL);
      };
      receive();
      let count = 0;
      writeHook.before = (kind) => {
        if (!NEEDS_ROOM.includes(kind)) return;
        const number = count++;
        if (isOnce ? number === full : number >= full) throw refusal('ENOSPC');
      };
      const {
        outcomes: [outcome],
      } = await takeUploads(config, [order]);
      letWrite();
      const place = join(site.root, 'glibc/packages', FILE);
      const isThere = existsSync(place);
      if (isThere) expect(readFileSync(place)).toEqual(Buffer.from(WHEEL));
      const told = [...readLog(site.root)].flatMap(({ events }) => events.map(({ event }) => event));
      if (outcome?.is === 'taken') expect([isThere, told]).toEqual([true, expect.arrayContaining(['upload'])]);
      else expect([full, outcome]).toEqual([full, expect.objectContaining({ is: 'refused', why: 'full' })]);
      if (isThere) expect(told).toContain('upload'); // nothing is there that the record does not tell of
      const strange = readdirSync(join(site.root, 'glibc/packages')).filter(
        (name) => name.startsWith('.') && !folder.endsWith(name),
      );
      expect([full, strange]).toEqual([full, []]);
      receive();
      const {
        outcomes: [again],
      } = await takeUploads(config, [order]);
      expect([full, again]).toEqual([full, expect.objectContaining({ is: isThere ? 'same' : 'taken' })]);
      outcomes++;
      if (count <= full) break;
    }
    expect(outcomes).toBeGreaterThan(5);
  },
  60_000,
);
