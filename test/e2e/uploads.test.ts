/** What people upload with, against a real sshd, while `kho watch` publishes and a client reads without a pause. */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { runOrThrow } from '../support/run-program.ts';
import type { ReaderFault } from '../support/site-reader.ts';
import { hasSshd, type Sshd, startSshd } from '../support/sshd.ts';
import { type Command, curl, lftp, RunningUpload, rsync, run, scp, sftp } from '../support/upload.ts';
import { type LocalWheel, UploadSite, until } from '../support/upload-site.ts';
import { Watched } from '../support/watched.ts';

/**
 * A published file that is overwritten in place, or removed, is out of the index after so long, in milliseconds. Mostly
 * half a second; but tests run on busy machines.
 */
const WINDOW_MS = 1500;

/** Longer than a file has to rest before kho looks at it, and than a build takes. */
const QUIET_MS = 600;

/** A slow link: in kilobytes a second. */
const SLOW = 400;

/** Puts local files into a folder of the server. */
type Upload = (sshd: Sshd, files: string[], to: string, slow: boolean) => Command;

const scpWith =
  (...options: string[]): Upload =>
  (sshd, files, to, slow) =>
    scp(sshd, files, to, ...options, ...(slow ? ['-l', String(SLOW * 8)] : []));

const rsyncWith =
  (...options: string[]): Upload =>
  (sshd, files, to, slow) =>
    rsync(sshd, files, to, '--times', ...options, ...(slow ? [`--bwlimit=${SLOW}`] : []));

const limitOfLftp = (slow: boolean) => (slow ? [`set net:limit-rate ${SLOW * 1000}`] : []);

/** All that go over the network. */
const REMOTE: Record<string, Upload> = {
  scp: scpWith(),
  'scp-of-old': scpWith('-O'),
  sftp: (sshd, files, to, slow) => {
    const puts = files.map((file) => `put ${file} ${to}/`);
    return sftp(sshd, puts, ...(slow ? ['-l', String(SLOW * 8)] : []));
  },
  rsync: rsyncWith(),
  // Without --perms, what was broken off would keep the mode 0600 that rsync gives to what is not whole.
  'rsync-inplace': rsyncWith('--inplace', '--perms'),
  'rsync-partial': rsyncWith('--partial'),
  'lftp-put': (sshd, files, to, slow) => {
    const puts = files.map((file) => `put -O ${to} ${file} &`);
    return lftp(sshd, [...limitOfLftp(slow), ...puts, 'wait all']);
  },
  'lftp-mirror': (sshd, [first = ''], to, slow) => {
    return lftp(sshd, [...limitOfLftp(slow), `mirror -R -P 4 --no-perms ${join(first, '..')}/ ${to}/`]);
  },
  curl: (sshd, files, to, slow) => curl(sshd, files, to, ...(slow ? ['--limit-rate', `${SLOW}k`] : [])),
};

/** `mv` from a folder that is made for it: from the site's own disk, and from another. */
const mvFrom =
  (stage: (to: string, from: string) => string): Upload =>
  (_sshd, files, to) => {
    const script =
      'to=$1 stage=$2; shift 2; mkdir "$stage" && cp "$@" "$stage" && mv "$stage"/* "$to" && rmdir "$stage"';
    return ['sh', '-c', script, 'mv', to, stage(to, join(files[0] ?? '', '..')), ...files];
  };

const LOCAL: Record<string, Upload> = {
  cp: (_sshd, files, to) => ['cp', ...files, to],
  mv: mvFrom((to) => join(to, '..', '.to-be-moved')),
  'mv-from-elsewhere': mvFrom((_to, from) => `${from}.to-be-moved`),
};

const PROGRAMS: Record<string, Upload> = { ...REMOTE, ...LOCAL };
const NAMES = Object.keys(PROGRAMS);

/** They write over what is there, or beside it, and never make it shorter first. */
const NEVER_SHORTEN = ['scp', 'scp-of-old', 'rsync', 'rsync-inplace', 'mv'];

let uploads: UploadSite;
let sshd: Sshd;
beforeAll(async () => {
  uploads = await new UploadSite([...NAMES, 'by-hand']).start();
  sshd = await startSshd();
});
afterAll(async () => {
  await sshd?.stop();
  await uploads?.stop();
});

/** Each test sees only what comes after the one before has come to rest, also when that one failed. */
beforeEach(async () => {
  await sleep(QUIET_MS);
  uploads.watched.take();
  await uploads.reader.takeFaults();
});

/** What kho said since it was asked last: repository, file, and what became of it or is wrong with it. */
function said(): string[] {
  const place = (file: string) => `${file.split('/')[0]} ${basename(file).split('-')[0]}`;
  return uploads.watched.take().flatMap((event) => {
    if (event.event === 'file') return `${place(event.file)} ${event.became}`;
    if (event.event === 'problem') return `${place(event.problem.file)} ${event.problem.code}`;
    return event.event === 'built' ? [] : JSON.stringify(event);
  });
}

/** What the reader saw although it never may: anything but faults of these files, on pages asked for early enough. */
async function unforgivable(files: LocalWheel[] = [], since = 0): Promise<ReaderFault[]> {
  const names = new Set(files.map(({ filename }) => filename));
  const faults = await uploads.reader.takeFaults();
  return faults.filter(({ filename, pageAskedMs }) => !names.has(filename) || pageAskedMs > since + WINDOW_MS);
}

/** For each of some programs, all at once. */
async function each<T>(programs: string[], act: (program: string) => Promise<T>): Promise<Record<string, T>> {
  return Object.fromEntries(await Promise.all(programs.map(async (name) => [name, await act(name)] as const)));
}

const upload = (program: string, wheels: LocalWheel[], slow = false) =>
  PROGRAMS[program]!(
    sshd,
    wheels.map(({ path }) => path),
    uploads.packages(program),
    slow,
  );

/** Some wheels, which may be published already under the same names: then with other bytes. */
function makeWheels(names: string[], kilobytes?: number): LocalWheel[] {
  const folder = uploads.localFolder();
  return names.map((name) => uploads.localWheel(name, folder, kilobytes));
}

const SMALL = ['small1', 'small2', 'small3', 'small4', 'small5'];

/** By each program, under the same names. */
let published: Record<string, LocalWheel[]>;

test.runIf(hasSshd)('many files at once, by every program at once', async () => {
  published = await each(NAMES, async () => [...makeWheels(SMALL), ...makeWheels(['large'], 1500)]);
  await each(NAMES, async (program) => {
    const wheels = published[program]!;
    await run(upload(program, wheels.slice(0, SMALL.length)));
    await run(upload(program, wheels.slice(SMALL.length)));
    await uploads.untilListed(program, ...wheels);
  });
  expect(await unforgivable()).toEqual([]);
  const expected = NAMES.flatMap((program) => [...SMALL, 'large'].map((file) => `${program} ${file} listed`));
  expect(said().sort()).toEqual(expected.sort());
});

test.runIf(hasSshd)('the same bytes again are silence', async () => {
  const heard: Record<string, unknown> = {};
  for (const program of NAMES) {
    const before = uploads.pages(program);
    await run(upload(program, published[program]!.slice(0, 1)));
    await sleep(QUIET_MS);
    const after = uploads.pages(program);
    const changed = Object.keys({ ...before, ...after }).filter((path) => after[path] !== before[path]);
    heard[program] = [...said(), ...changed];
  }
  expect(heard).toEqual(Object.fromEntries(NAMES.map((program) => [program, []])));
  // What makes a file shorter first shows it so for a moment.
  expect(await unforgivable(published['cp']!.slice(0, 1), Number.POSITIVE_INFINITY)).toEqual([]);
});

test.runIf(hasSshd)('many files with the same bytes again are silence, where no file is ever shorter', async () => {
  const pages = NEVER_SHORTEN.map((program) => uploads.pages(program));
  for (const program of NEVER_SHORTEN) await run(upload(program, published[program]!));
  await sleep(QUIET_MS);
  expect(said()).toEqual([]);
  expect(NEVER_SHORTEN.map((program) => uploads.pages(program))).toEqual(pages);
  expect(await unforgivable()).toEqual([]);
});

test.runIf(hasSshd)('other bytes under a published name are listed, and said', async () => {
  const others = await each(NAMES, async () => makeWheels(['small1'], 25));
  await each(NAMES, async (program) => {
    await run(upload(program, others[program]!));
    await uploads.untilListed(program, ...others[program]!);
  });
  const ended = performance.now();
  expect(await unforgivable(others['scp'], ended)).toEqual([]);
  // What removes a file first, or makes it shorter, may be seen at it: then it was gone, and is listed anew.
  const became = said().filter((line) => / (?:replaced|listed)$/.test(line));
  expect(new Set(became.map((line) => line.replace(/ \w+$/, '')))).toEqual(
    new Set(NAMES.map((program) => `${program} small1`)),
  );
  for (const program of ['rsync', 'rsync-partial', 'mv']) expect(became).toContain(`${program} small1 replaced`);
});

/** Starts an upload that takes some two seconds, and resolves when a part has arrived. */
async function startSlowly(program: string, wheels: LocalWheel[]): Promise<RunningUpload> {
  const before = uploads.arrivals(program);
  const running = new RunningUpload(upload(program, wheels, true));
  await until(
    () => uploads.arrivals(program) !== before,
    () => `${program} has not begun`,
  );
  await sleep(700);
  return running;
}

/** Whether the index has ever said of a file what it must not, seen some hundred times a second. */
function overhear(program: string, wheel: LocalWheel, allowed: (string | undefined)[]): { stop(): string[] } {
  const heard = new Set<string>();
  const timer = setInterval(() => {
    const hash = uploads.listedHash(program, wheel);
    if (!allowed.includes(hash)) heard.add(String(hash));
  }, 10);
  return {
    stop() {
      clearInterval(timer);
      return [...heard];
    },
  };
}

const SLOW_KILOBYTES = 800;
const REMOTE_NAMES = Object.keys(REMOTE);
const NOTHING = Object.fromEntries(REMOTE_NAMES.map((program) => [program, []]));

test.runIf(hasSshd)('over a slow link that is silent in between, a new file is listed when it is whole', async () => {
  const heard = await each(REMOTE_NAMES, async (program) => {
    const [wheel] = makeWheels(['slow'], SLOW_KILOBYTES) as [LocalWheel];
    const ear = overhear(program, wheel, [undefined, wheel.sha256]);
    const running = await startSlowly(program, [wheel]);
    await running.pause(700);
    await running.end();
    await uploads.untilListed(program, wheel);
    return ear.stop();
  });
  expect(heard).toEqual(NOTHING);
  expect(await unforgivable()).toEqual([]);
  expect(said().sort()).toEqual(REMOTE_NAMES.map((program) => `${program} slow listed`).sort());
});

test.runIf(hasSshd)(
  'over such a link into a published name, what is half the old and half the new is never listed',
  async () => {
    let ended = 0;
    const heard = await each(REMOTE_NAMES, async (program) => {
      const [old] = makeWheels(['over'], SLOW_KILOBYTES) as [LocalWheel];
      const [wheel] = makeWheels(['over'], SLOW_KILOBYTES + 20) as [LocalWheel];
      await run(upload(program, [old]));
      await uploads.untilListed(program, old);
      const ear = overhear(program, wheel, [undefined, old.sha256, wheel.sha256]);
      const running = await startSlowly(program, [wheel]);
      await running.pause(700);
      await running.end();
      ended = Math.max(ended, performance.now());
      await uploads.untilListed(program, wheel);
      return ear.stop();
    });
    expect(heard).toEqual(NOTHING);
    // When a program first changes a byte is its own affair (rsync compares first, and replaces the file at the end).
    expect(await unforgivable(makeWheels(['over']), ended)).toEqual([]);
  },
);

test.runIf(hasSshd)('an upload that is killed is not listed, and is when it comes again', async () => {
  const wheels = await each(REMOTE_NAMES, async () => makeWheels(['killed'], SLOW_KILOBYTES));
  await each(REMOTE_NAMES, async (program) => (await startSlowly(program, wheels[program]!)).kill());
  await sleep(QUIET_MS);
  const listed = REMOTE_NAMES.filter((program) => uploads.listedHash(program, wheels[program]![0]!) !== undefined);
  expect(listed).toEqual([]);
  // rsync gives what it has the name of the whole, with a time long ago: nothing will come after it.
  expect(said().filter((line) => line !== 'rsync-partial killed incomplete')).toEqual([]);
  await each(REMOTE_NAMES, async (program) => {
    await run(upload(program, wheels[program]!));
    await uploads.untilListed(program, ...wheels[program]!);
  });
  expect(await unforgivable()).toEqual([]);
  const later = said().filter((line) => line !== 'rsync-partial killed incomplete');
  expect(later.sort()).toEqual(REMOTE_NAMES.map((program) => `${program} killed listed`).sort());
});

test.runIf(hasSshd)(
  'an upload that is killed over a published name takes it out of the index, if it has touched it',
  async () => {
    const old = await each(REMOTE_NAMES, async (program) => {
      const wheels = makeWheels(['half'], SLOW_KILOBYTES);
      await run(upload(program, wheels));
      await uploads.untilListed(program, ...wheels);
      return wheels[0]!;
    });
    const wheels = await each(REMOTE_NAMES, async () => makeWheels(['half'], SLOW_KILOBYTES + 20));
    await each(REMOTE_NAMES, async (program) => (await startSlowly(program, wheels[program]!)).kill());
    const killed = performance.now();
    await sleep(WINDOW_MS);
    const listed = await each(REMOTE_NAMES, async (program) => uploads.listedHash(program, old[program]!));
    expect(listed).toEqual({
      ...Object.fromEntries(REMOTE_NAMES.map((program) => [program, undefined])),
      rsync: old['rsync']!.sha256, // only its own file, whose name begins with a dot, is half
    });
    await each(REMOTE_NAMES, async (program) => {
      await run(upload(program, wheels[program]!));
      await uploads.untilListed(program, ...wheels[program]!);
    });
    expect(await unforgivable(wheels['scp'], Math.max(killed, performance.now()))).toEqual([]);
  },
);

test('a file that is removed by hand, or moved away, is out of the index at once', async () => {
  const wheels = makeWheels(['removed', 'moved']);
  await run(['cp', ...wheels.map(({ path }) => path), uploads.packages('by-hand')]);
  await uploads.untilListed('by-hand', ...wheels);
  const [removed, moved] = wheels.map(({ filename }) => join(uploads.packages('by-hand'), filename)) as [
    string,
    string,
  ];
  const began = performance.now();
  rmSync(removed);
  renameSync(moved, `${moved}.part`);
  for (const wheel of wheels) await uploads.untilGone('by-hand', wheel);
  expect(performance.now() - began).toBeLessThan(WINDOW_MS);
  expect(await unforgivable(wheels, began)).toEqual([]);
  await until(
    () => !existsSync(`${removed}.metadata`),
    () => 'its metadata is still there',
  );
});

/** `rsync --delete` of a folder that holds just these. */
function mirror(wheels: LocalWheel[], repository: string, ...options: string[]): Promise<unknown> {
  const folder = `${join(wheels[0]!.path, '..')}/`;
  return run(rsync(sshd, [folder], uploads.packages(repository), '--recursive', '--times', '--delete', ...options));
}

test.runIf(hasSshd)(
  'rsync --delete takes metadata away, which is back at once; the documented line leaves it alone',
  async () => {
    const wheels = makeWheels(['kept1', 'kept2', 'kept3']);
    const metadata = () => wheels.map(({ filename }) => join(uploads.packages('by-hand'), `${filename}.metadata`));
    const inodes = () => metadata().map((path) => statSync(path, { throwIfNoEntry: false })?.ino);
    await mirror(wheels, 'by-hand');
    await uploads.untilListed('by-hand', ...wheels);
    await sleep(QUIET_MS);
    await uploads.reader.takeFaults();

    const before = inodes();
    await mirror(wheels, 'by-hand', '--exclude', '*.metadata');
    await mirror(wheels, 'by-hand', '--filter', 'P *.metadata');
    await sleep(QUIET_MS);
    expect(inodes()).toEqual(before);
    expect(await unforgivable()).toEqual([]);

    const began = performance.now();
    await mirror(wheels, 'by-hand');
    await until(
      () => !inodes().includes(undefined),
      () => 'metadata is still gone',
    );
    expect(inodes()).not.toEqual(before);
    expect(performance.now() - began).toBeLessThan(2 * WINDOW_MS);
    expect(await unforgivable(wheels, performance.now())).toEqual([]);
  },
);

test('metadata that is taken away while kho publishes is back as well', async () => {
  const [wheel] = makeWheels(['bare']) as [LocalWheel];
  await run(['cp', wheel.path, uploads.packages('by-hand')]);
  await uploads.untilListed('by-hand', wheel);
  const metadata = join(uploads.packages('by-hand'), `${wheel.filename}.metadata`);
  for (let round = 0; round < 6; round++) {
    await run(['cp', makeWheels([`busy${round}`])[0]!.path, uploads.packages('by-hand')]);
    await sleep(140 + round * 25); // a build begins 150 ms after the last byte, and takes about as long
    rmSync(metadata);
    await until(
      () => existsSync(metadata),
      () => `metadata is still gone in round ${round}`,
    );
  }
});

test.runIf(hasSshd)('files that come with a umask of 077 are named with the line that opens them', async () => {
  const closed = await startSshd({ umask: '077' });
  try {
    const wheels = makeWheels(['closed']);
    const paths = wheels.map(({ path }) => path);
    await run(scp(closed, paths, uploads.packages('by-hand')));
    const event = await uploads.watched.event((event) => event.event === 'problem');
    const problem = event.event === 'problem' ? event.problem : undefined;
    expect(problem).toMatchObject({ code: 'not-readable-by-others', file: `by-hand/packages/${wheels[0]!.filename}` });
    await runOrThrow('sh', ['-c', problem?.hint ?? '']);
    const mode = statSync(join(uploads.packages('by-hand'), wheels[0]!.filename)).mode;
    expect((mode & 0o777).toString(8)).toBe('644');
    await uploads.untilListed('by-hand', ...wheels);
    expect(await unforgivable(wheels, performance.now())).toEqual([]); // 403 until then
  } finally {
    await closed.stop();
  }
});

/** Ordinary users, by number: nobody has to be made for a test. */
const GROUP = 54_330;
const USERS = { kho: { uid: 54_331, gid: GROUP }, web: { uid: 54_332, gid: GROUP } };
const UPLOADER = '54333';

test.runIf(hasSshd && process.getuid?.() === 0)(
  'uploader, kho and web server are three users in one group',
  async () => {
    const shared = new UploadSite(['glibc'], USERS);
    onTestFinished(() => shared.stop());
    await shared.start();
    const to = shared.packages('glibc');
    const upload = (...words: string[]) =>
      runOrThrow('setpriv', ['--reuid', UPLOADER, '--regid', String(GROUP), '--clear-groups', ...words], { cwd: '/' });
    const folder = shared.localFolder();
    const synced = [shared.localWheel('synced1', folder), shared.localWheel('synced2', folder)];
    const put = shared.localWheel('put', shared.localFolder());

    // As docs/uploading.md has it: without -a, which would give the folder the mode and the owner of the local one.
    const sync = ['rsync', '-rtO', '--chmod=F644', '--delete', `--exclude=*.metadata`, `${folder}/`, `${to}/`];
    await upload(...sync);
    await shared.untilListed('glibc', ...synced);
    await upload('cp', put.path, to);
    await shared.untilListed('glibc', put);
    const always = 'always-1.0-py3-none-any.whl'; // which rsync has taken away
    expect((await shared.reader.takeFaults()).filter(({ filename }) => filename !== always)).toEqual([]);
    expect(statSync(to).mode & 0o7777).toBe(0o2775);

    const began = performance.now();
    rmSync(synced[0]!.path);
    await upload(...sync);
    for (const gone of [synced[0]!, put]) await shared.untilGone('glibc', gone);
    const orphan = join(to, `${put.filename}.metadata`);
    await until(
      () => !existsSync(orphan),
      () => 'metadata is still there',
    );
    await upload('rm', join(to, `${synced[1]!.filename}.metadata`));
    await until(
      () => existsSync(join(to, `${synced[1]!.filename}.metadata`)),
      () => 'metadata is still gone',
    );
    const faults = await shared.reader.takeFaults();
    expect(faults.filter(({ pageAskedMs }) => pageAskedMs > began + 2 * WINDOW_MS)).toEqual([]);
    expect(shared.watched.take().filter(({ event }) => event === 'problem' || event === 'error')).toEqual([]);
  },
);

test('without events from the disk it looks by itself; and it ends when it is told to, also while it publishes', async () => {
  const polled = await new UploadSite(['glibc']).start(['--poll', '0.3']);
  onTestFinished(() => polled.stop());
  const wheel = polled.localWheel('polled', polled.localFolder());
  await run(['cp', wheel.path, polled.packages('glibc')]);
  await polled.untilListed('glibc', wheel);
  rmSync(join(polled.packages('glibc'), wheel.filename));
  await polled.untilGone('glibc', wheel);
  expect(await polled.watched.stop()).toBe(0);

  for (const ms of [145, 165, 185]) {
    const watched = await Watched.start(polled.site.root, { bundle: polled.bundle });
    await run(['cp', polled.localWheel(`late${ms}`, polled.localFolder()).path, polled.packages('glibc')]);
    await sleep(ms);
    expect(await watched.stop()).toBe(0);
  }
});
