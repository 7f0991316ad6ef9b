/** `kho pull` from a centre made here: what lock files need comes whole or not at all; what is not to be believed is refused by name. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CENTRE_ID, MadeCentre, pipLock, sha256 } from '../../test/support/made-centre.ts';
import { type WheelOptions, wheelFilename } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { newSshKey, type TestKey } from '../../test/support/ssh-keys.ts';
import { letWrite, runStopped } from '../../test/support/stop-writes.ts';
import { loadSite } from '../config/load-config.ts';
import { HttpClient } from '../fetch/http-client.ts';
import { readLocks } from '../prune/read-locks.ts';
import { headSha256, type SyncHead, signaturePath, writeHead } from '../sync-format/head.ts';
import { readSigners } from './check-signature.ts';
import { edgeReport } from './edge-report.ts';
import { readFollowed } from './follow-state.ts';
import { Pace } from './pace.ts';
import { pull } from './pull.ts';
import { centreUrl, type PullWords, readPullOrder } from './pull-order.ts';
import type { PullResult, PullRun } from './pull-run.ts';

const NOW = Date.parse('2026-11-29T08:00:00Z');
const ARMHF = 'cp311-cp311-linux_armv7l';
const NOISE = 'n'.repeat(2000);

let site: TestSite;
let centre: MadeCentre;
let pace: Pace;
let client: HttpClient;

beforeEach(async () => {
  [site, centre, pace] = [new TestSite(), await MadeCentre.start(), new Pace(undefined)];
  client = new HttpClient({}, { firstWaitMs: 1 }, { pace: (bytes) => pace.came(bytes) });
  settings();
  site.put('armhf/packages/.keep', '');
});
afterEach(async () => {
  letWrite();
  await client.close();
  centre.stop();
  site.close();
});

function settings(lines = '', more = ''): void {
  site.put(
    'kho.toml',
    `pages = false\n${more}\n[repositories.armhf]\nplatforms = ["armhf"]\n[follow]\nurl = "${centre.url}"\ninto = "armhf"\nneeds = ["locks/*.txt"]\npythons = ["3.11"]\n${lines}\n`,
  );
}

async function pulling(more: Partial<PullRun> = {}, words: PullWords = {}): Promise<PullResult> {
  const { config } = await loadSite(site.root);
  const locked = await readLocks(config.root, config.locks ?? []);
  return pull({
    ...{
      config,
      order: { url: centreUrl(config, words), ...readPullOrder(config, words) },
      client,
      crossed: () => pace.crossed,
      idleMs: 1,
    },
    ...{ doer: { now: NOW, who: 'user:hà' }, dryRun: false, allowOlder: false, newCentre: false },
    isLocked: ({ sha256: hash }) => locked.sha256s.has(hash),
    onProgress: () => {},
    ...more,
  });
}

const wheel = (name: string, version: string, more: Partial<WheelOptions> = {}) =>
  centre.wheel({ name, version, ...more });
const packages = () =>
  readdirSync(join(site.root, 'armhf/packages'))
    .filter((name) => !name.startsWith('.') && !name.endsWith('.metadata'))
    .sort();
const listed = (project: string) =>
  existsSync(join(site.root, `armhf/simple/${project}/index.json`)) ? site.listed('armhf', project) : [];
const lacking = ({ locks }: PullResult) => locks.flatMap(({ lacking: some }) => some);
const counterOf = (path: string) =>
  readFollowed(site.root, 'armhf').followed?.locks.find((lock) => lock.path === path)?.closures[0]?.counter;

/** A lock of one application with two packages of it. */
function firstState() {
  const app = wheel('app', '1.0', { tag: ARMHF, metadata: 'Requires-Dist: core', members: { 'noise.txt': NOISE } });
  const core = wheel('core', '1.0', { metadata: 'Requires-Dist: nothing-of-this; extra == "no"' });
  wheel('other', '1.0');
  site.put('locks/field.txt', pipLock([app, core]));
  centre.publish();
  return { app, core };
}

function secondState() {
  const app = wheel('app', '1.1', { tag: ARMHF, metadata: 'Requires-Dist: core', members: { 'noise.txt': NOISE } });
  const core = centre.files.get('core-1.0-py3-none-any.whl') as typeof app;
  site.put('locks/field.txt', pipLock([app, core]));
  centre.publish();
  return { app, core };
}

const APP = wheelFilename({ name: 'app', version: '1.0', tag: ARMHF });
const APP_NEW = wheelFilename({ name: 'app', version: '1.1', tag: ARMHF });
const CORE = 'core-1.0-py3-none-any.whl';

test('pull() brings what a lock file needs and nothing else, publishes it, and then costs one empty answer', async () => {
  firstState();
  const result = await pulling();
  expect([result.isNew, result.isBetter, lacking(result)]).toEqual([true, true, []]);
  expect([packages(), listed('app'), listed('core')]).toEqual([[APP, CORE], [APP], [CORE]]);
  expect(centre.log.filter((path) => path.includes('other') || path.includes('.metadata'))).toEqual([]);
  expect(site.json('armhf/simple/app/index.json').files[0]['upload-time']).toBe('2026-01-02T03:04:05.678Z');
  const before = centre.log.length;
  const again = await pulling();
  expect([again.isNew, again.isBetter, lacking(again)]).toEqual([false, false, []]);
  expect(centre.log.slice(before)).toEqual(['/armhf/sync/head.json']);
});

test('edgeReport() tells what is here of the catalogue, and nothing that is the team’s own', async () => {
  const { app, core } = firstState();
  site.wheel('armhf', { name: 'own', version: '1.0' });
  const { head } = await pulling();
  const { config } = await loadSite(site.root);
  expect(await edgeReport(config, 'armhf', head)).toEqual({
    ...{ site: head.site, repository: head.repository, counter: head.counter },
    has: [app.sha256, core.sha256].sort(),
  });
});

test('pull() follows dependencies by the catalogue, where what it is given is no lock', async () => {
  firstState();
  site.put('locks/field.txt', 'app\n');
  await pulling();
  expect(packages()).toEqual([APP, CORE]);
});

test('pull() takes the difference of the catalogues, and keeps two closures of each lock', async () => {
  firstState();
  await pulling();
  secondState();
  const before = centre.log.length;
  expect((await pulling()).gone).toEqual([]);
  expect(
    centre.log
      .slice(before)
      .filter((path) => path.includes('sync'))
      .map((path) => path.split('.').at(-2)),
  ).toEqual([expect.stringContaining('head'), 'diff']);
  expect(packages()).toEqual([APP, APP_NEW, CORE]);
  const newest = wheel('app', '1.2', { tag: ARMHF });
  site.put('locks/field.txt', pipLock([newest, centre.files.get(CORE) as typeof newest]));
  centre.publish();
  expect((await pulling()).gone).toEqual([APP]);
  expect([packages(), listed('app')]).toEqual([
    [APP_NEW, wheelFilename({ name: 'app', version: '1.2', tag: ARMHF }), CORE].sort(),
    [APP_NEW, wheelFilename({ name: 'app', version: '1.2', tag: ARMHF })],
  ]);
});

test('pull() lets nothing go that it did not bring, nor what another lock file of the site names', async () => {
  settings('keep = 1', 'locks = ["other.txt"]');
  site.put('other.txt', '');
  const { app } = firstState();
  site.wheel('armhf', { name: 'ours', version: '1.0' });
  await pulling();
  site.put('other.txt', pipLock([app]));
  site.put('locks/field.txt', 'other==1.0\n');
  expect((await pulling()).gone).toEqual([CORE]);
  expect(packages()).toEqual([APP, 'other-1.0-py3-none-any.whl', 'ours-1.0-py3-none-any.whl']);
});

test('pull() goes on with other lock files where it cannot be told what one needs', async () => {
  firstState();
  site.put('locks/bad.txt', 'core ; os_name ~= "posix"\n');
  const result = await pulling();
  expect(result.locks.map(({ path, lacking: some }) => [path, some])).toEqual([
    ['locks/bad.txt', [expect.stringMatching(/^what it needs cannot be told: .*cannot be compared/)]],
    ['locks/field.txt', []],
  ]);
  expect(packages()).toEqual([APP, CORE]);
});

test.each<[string, string, RegExp]>([
  ['has a merge that nobody ended', `<<<<<<< HEAD\ncore==1.0\n=======\n`, /bad\.txt": In .* line 1: "<<<<<<< HEAD"/],
  ['a power cut emptied', '', /it is empty/],
  ['has nothing but blanks', ' \n\n', /it is empty/],
])('pull() goes on with other lock files where one %s, and keeps what that one had', async (_what, text, why) => {
  firstState();
  const extra = wheel('extra', '1.0');
  centre.publish();
  site.put('locks/bad.txt', pipLock([extra]));
  await pulling();
  site.put('locks/bad.txt', text);
  secondState();
  const result = await pulling();
  expect(result.locks.map(({ path, lacking: some }) => [path, some])).toEqual([
    ['locks/bad.txt', [expect.stringMatching(why)]],
    ['locks/field.txt', []],
  ]);
  expect([listed('extra'), listed('app')]).toEqual([['extra-1.0-py3-none-any.whl'], [APP, APP_NEW]]);
  const words = { requirement: [join(site.root, 'locks/bad.txt')] };
  if (text.includes('<')) await expect(pulling({}, words)).rejects.toThrow(why); // who typed it is told at once
});

test('pull() publishes nothing of a lock file that is not whole, and all of another one', async () => {
  const { core } = firstState();
  const gone = wheel('gone', '1.0');
  centre.publish();
  centre.server.answers.delete('/armhf/packages/gone-1.0-py3-none-any.whl');
  site.put('locks/bad.txt', pipLock([core, gone]));
  const result = await pulling();
  expect(result.locks.map(({ path, lacking: some }) => [path, some.length])).toEqual([
    ['locks/bad.txt', 1],
    ['locks/field.txt', 0],
  ]);
  expect(lacking(result)[0]).toContain('gone-1.0-py3-none-any.whl: Cannot fetch');
  expect([packages(), listed('gone')]).toEqual([[APP, CORE], []]);
  centre.put(
    'packages/gone-1.0-py3-none-any.whl',
    centre.bytes.get('packages/gone-1.0-py3-none-any.whl') as Uint8Array,
  );
  const again = await pulling();
  expect([lacking(again), listed('gone')]).toEqual([[], ['gone-1.0-py3-none-any.whl']]);
});

test('pull() says what the centre does not have', async () => {
  firstState();
  site.put('locks/field.txt', 'nothing==1.0\n');
  const result = await pulling();
  expect([lacking(result), result.isBetter]).toEqual([
    [expect.stringContaining('nothing==1.0 (glibc-armv7l, Python 3.11)')],
    false,
  ]);
});

test('pull() brings no file a second time that lies elsewhere in the site', async () => {
  const { app } = firstState();
  site.put(`spare/packages/${APP}`, centre.bytes.get(`packages/${APP}`) as Uint8Array);
  const result = await pulling();
  expect([packages(), lacking(result)]).toEqual([[APP, CORE], []]);
  expect(centre.log.filter((path) => path.includes('app-'))).toEqual([]);
  expect(sha256(readFileSync(join(site.root, 'armhf/packages', APP)))).toBe(app.sha256);
});

test('pull() leaves a file of the team alone that has the name of one that it needs', async () => {
  const { core } = firstState();
  site.wheel('armhf', { name: 'core', version: '1.0', description: 'ours' });
  const before = readFileSync(join(site.root, 'armhf/packages', CORE));
  expect(lacking(await pulling())).toEqual([
    `${CORE}: another file of this name is in "armhf", and was not brought by kho pull`,
  ]);
  expect(readFileSync(join(site.root, 'armhf/packages', CORE)).equals(before)).toBe(true);
  expect(sha256(before)).not.toBe(core.sha256);
});

test('pull() puts other bytes of the centre in the place of those that it brought under their name', async () => {
  firstState();
  await pulling();
  const core = wheel('core', '1.0', { description: 'rebuilt' });
  const app = centre.files.get(APP) as typeof core;
  site.put('locks/field.txt', pipLock([app, core]));
  centre.publish();
  expect(lacking(await pulling())).toEqual([]);
  expect(sha256(readFileSync(join(site.root, 'armhf/packages', CORE)))).toBe(core.sha256);
  expect(site.json('armhf/simple/core/index.json').files[0].hashes.sha256).toBe(core.sha256);
});

test('pull() marks what is yanked at the centre, and takes that back', async () => {
  const { core } = firstState();
  await pulling();
  centre.files.set(CORE, { ...core, yanked: 'loses data' });
  centre.publish();
  expect((await pulling()).marked).toBe(1);
  expect(site.json('armhf/simple/core/index.json').files[0].yanked).toBe('loses data');
  centre.files.set(CORE, core);
  centre.publish();
  expect((await pulling()).marked).toBe(1);
  expect(site.json('armhf/simple/core/index.json').files[0].yanked).toBeFalsy();
  expect((await pulling()).marked).toBe(0);
});

test('pull() brings what stands beside a file, and takes nothing of a project that is quarantined', async () => {
  const { app, core } = firstState();
  const signature = Buffer.from('-----BEGIN PGP SIGNATURE-----\n');
  centre.put(`packages/${CORE}.asc`, signature);
  centre.files.set(CORE, { ...core, sides: [{ suffix: '.asc', sha256: sha256(signature), size: signature.length }] });
  centre.publish();
  await pulling();
  expect(packages()).toEqual([APP, CORE, `${CORE}.asc`]);
  centre.statuses = [{ project: app.project, status: 'quarantined', reason: 'malware' }];
  centre.publish();
  const result = await pulling();
  expect([lacking(result).length, result.notes]).toEqual([1, ['app is quarantined at the centre: malware']]);
});

test('pull() as a dry run tells what would come, and changes nothing', async () => {
  const { app, core } = firstState();
  const before = site.snapshot();
  const result = await pulling({ dryRun: true });
  expect([result.bytes, result.locks[0]?.brought.map(({ filename }) => filename).sort()]).toEqual([
    app.size + core.size,
    [APP, CORE],
  ]);
  expect([site.snapshot(), existsSync(join(site.root, '.kho'))]).toEqual([before, false]);
});

test.each<[string, () => unknown, string]>([
  ['of another site', () => centre.publish({ site: CENTRE_ID.replace('0b', 'ff') }), `it is the site ff1c2d3e-`],
  ['of another repository', () => centre.publish({ repository: 'musl' }), 'its head is that of the repository "musl"'],
  ['that is older', () => centre.showHead(first), 'its head has the counter 1, and 2 was seen already'],
  ['that has the same counter', () => centre.publish({ counter: 2 }), 'the counter 2 as before, and names another'],
  ['that is none', () => centre.showHead('<html>log in</html>'), 'Cannot read the head of a repository: it is no JSON'],
  ['that a page for people stands for', () => showPage('<html>sign in</html>'), 'a page for people came in its place'],
  ['that a long page stands for', () => showPage(`\n<!DOCTYPE html>${NOISE.repeat(9)}`), 'a page for people came'],
  [
    'that a proxy packed',
    () => showPage('x', { 'Content-Encoding': 'gzip' }),
    'it comes packed (Content-Encoding: gzip)',
  ],
  ['that is gone', () => centre.server.answers.delete('/armhf/sync/head.json'), 'it answers 404'],
])('pull() changes nothing for a head %s', async (_what, change, why) => {
  firstState();
  await pulling();
  secondState();
  await pulling();
  wheel('app', '6.6', { tag: ARMHF });
  change();
  const before = site.snapshot();
  await expect(pulling()).rejects.toMatchObject({ code: 'UPSTREAM', message: expect.stringContaining(why) });
  expect(site.snapshot()).toEqual(before);
});
const first = writeHead({
  ...{ format: 1, site: CENTRE_ID, repository: 'armhf', counter: 1, created: '2026-01-02T03:04:05Z' },
  catalogue: { sha256: 'a'.repeat(64), size: 1 },
});

const showPage = (text: string, headers: Record<string, string> = { 'Content-Type': 'text/html' }) =>
  centre.server.answers.set(
    '/armhf/sync/head.json',
    (_request, response) => void response.writeHead(200, headers).end(text),
  );

test('pull() says that a page for people came in the place of a catalogue', async () => {
  firstState();
  const head = centre.head as SyncHead;
  for (const ending of ['', '.br']) {
    const path = `/armhf/sync/${head.catalogue.sha256}.jsonl${ending}`;
    centre.server.answers.set(
      path,
      (_request, response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>sign in</html>'),
    );
  }
  await expect(pulling()).rejects.toThrow('a page for people came in its place');
});

test('pull() takes another site, and an older state, where that is said', async () => {
  firstState();
  await pulling();
  centre.publish({ site: CENTRE_ID.replace('0b', 'ff'), counter: 9 });
  expect((await pulling({ newCentre: true })).head.counter).toBe(9);
  centre.publish({ site: CENTRE_ID.replace('0b', 'ff'), counter: 3 });
  await expect(pulling()).rejects.toThrow('9 was seen already');
  expect((await pulling({ allowOlder: true })).head.counter).toBe(3);
  expect((await pulling()).head.counter).toBe(3);
});

test('pull() refuses a catalogue that is not the one of its head, and a file that is not the one of its catalogue', async () => {
  const { core } = firstState();
  const path = `sync/${centre.head?.catalogue.sha256}.jsonl`;
  const catalogue = centre.bytes.get(path) as Uint8Array;
  centre.put(path, Buffer.from('{}\n'));
  centre.put(`${path}.br`, Buffer.from('nothing packed'));
  await expect(pulling()).rejects.toThrow('its catalogue is not the one that its head names');
  centre.put(path, catalogue);
  const bytes = Buffer.from(centre.bytes.get(`packages/${CORE}`) as Uint8Array);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  centre.put(`packages/${CORE}`, bytes);
  expect(lacking(await pulling())).toEqual([
    expect.stringMatching(/core-1\.0-py3-none-any\.whl: .* its sha256 is not/),
  ]);
  expect([packages(), core.sha256]).toEqual([[], expect.anything()]);
});

test('pull() believes only what somebody signed who may, also of what is kept', async () => {
  firstState();
  const key = newSshKey();
  const signers = readSigners({ text: `an namespaces="kho" ${key.line}\n`, shown: 'signers' });
  await expect(pulling({ signers })).rejects.toThrow('the signature of its head is not there');
  const sign = (by: TestKey) => {
    const head = Buffer.from(writeHead(centre.head as SyncHead));
    centre.put(signaturePath(headSha256(head)), Buffer.from(by.sign(head)));
  };
  sign(newSshKey());
  await expect(pulling({ signers })).rejects.toThrow('is by a key that may not sign');
  sign(key);
  expect(lacking(await pulling({ signers }))).toEqual([]);
  const others = readSigners({ text: `an ${newSshKey().line}\n`, shown: 'signers' });
  await expect(pulling({ signers: others })).rejects.toThrow('may not sign');
  const revoked = readSigners({ text: `an ${key.line}\n`, shown: 'signers' }, { text: key.line, shown: 'revoked' });
  await expect(pulling({ signers: revoked })).rejects.toThrow('is by a key that was revoked');
});

test('pull() takes all of a catalogue where the difference leads elsewhere', async () => {
  firstState();
  await pulling();
  secondState();
  for (const path of centre.bytes.keys()) if (path.endsWith('.diff.br')) centre.put(path, Buffer.from('broken'));
  expect([lacking(await pulling()), packages()]).toEqual([[], [APP, APP_NEW, CORE]]);
});

test('pull() that is out of time stops, and the next run goes on with what came', async () => {
  settings('parallel = 1');
  firstState();
  const controller = new AbortController();
  const result = await pulling({ signal: controller.signal, onProgress: ({ done }) => done > 0 && controller.abort() });
  expect([result.isStopped, packages()]).toEqual([true, []]);
  expect(lacking(result)).toContain('the time was over before all of it had come');
  expect(lacking(await pulling())).toEqual([]);
  expect(centre.log.filter((path) => path.includes('/packages/')).length).toBe(2);
});

test.each([1, 5, 9, 13, 17, 21, 25, 29, 33, 37, 41, 45, 49, 53, 57, 61, 65, 69, 73, 80, 90, 100])(
  'pull() that is stopped at the %dth write serves what it served, and the next run goes on',
  async (step) => {
    settings('keep = 1');
    firstState();
    await pulling();
    const old = [APP, CORE].map((name) => sha256(readFileSync(join(site.root, 'armhf/packages', name))));
    const { app, core } = secondState();
    await runStopped(step, () => pulling());
    rmSync(join(site.root, '.kho/lock'), { force: true }); // a dead process holds none
    const now = packages();
    if (counterOf('locks/field.txt') === 1) {
      expect([APP, CORE].map((name) => sha256(readFileSync(join(site.root, 'armhf/packages', name))))).toEqual(old);
      expect(listed('app')).toContain(APP);
    } else expect([now.includes(APP_NEW), listed('app').includes(APP_NEW)]).toEqual([true, true]);
    const result = await pulling();
    expect([lacking(result), packages(), listed('app')]).toEqual([[], [APP_NEW, CORE], [APP_NEW]]);
    expect(sha256(readFileSync(join(site.root, 'armhf/packages', APP_NEW)))).toBe(app.sha256);
    expect([counterOf('locks/field.txt'), core.version]).toEqual([2, '1.0']);
  },
);
