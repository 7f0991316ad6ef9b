/** Commands besides `kho build`, killed by SIGKILL before and after every call that changes something on disk: the next run mends. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copySite, faultsBetween } from '../support/crash-site.ts';
import { ProgramKiller } from '../support/kill-program.ts';
import { killsFor } from '../support/kill-writes.ts';
import { binaryWheelFilename, MODULES, makeBinaryWheel } from '../support/make-binary-wheel.ts';
import { makeWheel, type WheelOptions, wheelFilename } from '../support/make-package.ts';
import { runOrThrow, runProgram } from '../support/run-program.ts';
import { ScriptedServer } from '../support/scripted-server.ts';
import { TestSite } from '../support/site.ts';
import { differences, treeOf } from '../support/site-tree.ts';
import { KHO } from '../support/tools.ts';

const UPLOADED = new Date('2026-01-02T03:04:05.678Z');

/** Two at once: the machines that test this have two cores. */
const SIDE_BY_SIDE = 2;

interface KilledCommand {
  /** Of kho, for what is in a site. */
  words(site: TestSite): string[];
  fill(site: TestSite): void;
  /** The site is published before, and again after. */
  isPublished: boolean;
  /** Hashes of files that must be somewhere at each moment. */
  precious(site: TestSite): string[];
}

const kho = (...words: string[]) => runOrThrow(process.execPath, [KHO, ...words], { cwd: '/' });

/** Kill `command` everywhere; says what was wrong then or after the next run. */
async function killEverywhere({ words, fill, isPublished, precious }: KilledCommand): Promise<string[]> {
  const newSite = () => {
    const one = new TestSite();
    onTestFinished(() => one.close());
    return one;
  };
  const publish = async (site: TestSite) => {
    if (!isPublished) return;
    makeOld(site);
    await kho('build', '--quiet', site.root);
  };
  const [original, first] = [newSite(), newSite()];
  fill(original);
  await publish(original);
  const before = original.snapshot();
  copySite(original, first);
  const killer = new ProgramKiller([first.root]);
  onTestFinished(() => killer.close());
  const calls = await killer.callsOf(words(first));
  await publish(first);
  const [after, clean] = [first.snapshot(), treeOf(first.root)];
  expect(calls.length).toBeGreaterThan(3);

  const faults: string[] = [];
  const kills = killsFor(calls);
  const work = async () => {
    const site = newSite();
    const ownKiller = new ProgramKiller([site.root]);
    for (let kill = kills.shift(); kill; kill = kills.shift()) {
      const call = calls[kill.before];
      const what = call
        ? `killed ${kill.inMiddle ? 'in' : 'before'} ${call.name}(${call.paths.join(', ')})`
        : 'killed after the last call';
      copySite(original, site);
      await ownKiller.kill(words(site), kill);
      const left = new Set(Object.values(site.snapshot()));
      for (const sha256 of precious(original)) if (!left.has(sha256)) faults.push(`${what}: something is lost`);
      if (isPublished) {
        const pages = Object.fromEntries(
          Object.entries(site.snapshot()).filter(([path]) => !path.includes('packages/')),
        );
        for (const fault of faultsBetween(before, after, { ...pages }, site))
          if (!fault.includes('packages/')) faults.push(`${what}: ${fault}`);
      }
      await kho(...words(site))
        .then(() => publish(site))
        .catch((error) => faults.push(`the run after it was ${what}: ${error.message}`));
      for (const difference of differences(treeOf(site.root), clean))
        faults.push(`the run after it was ${what}: ${difference}`);
      if (isPublished) {
        const { exitCode, stdout } = await runProgram(process.execPath, [KHO, 'check', site.root]);
        if (exitCode !== 0) faults.push(`checked after it was ${what}: ${stdout}`);
      }
    }
    ownKiller.close();
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return faults;
}

/** What was made just now is as old as the rest: pages tell when a package was uploaded. */
function makeOld(site: TestSite): void {
  for (const path of readdirSync(site.root, { recursive: true, encoding: 'utf8' })) {
    const full = join(site.root, path);
    if (/(?:packages|originals)\//.test(path) && lstatSync(full).isFile()) utimesSync(full, UPLOADED, UPLOADED);
  }
}

test.each([
  ['', []],
  [' with --group', ['--group', 'users']],
])('kho init%s', async (_what, options) => {
  const faults = await killEverywhere({
    words: (site) => ['init', 'glibc', 'common', '--site', join(site.root, 'new'), ...options],
    fill: () => {},
    isPublished: false,
    precious: () => [],
  });
  expect(faults).toEqual([]);
});

test('kho retag', async () => {
  const wheel = { name: 'foo', version: '1.0', module: MODULES.musl };
  const faults = await killEverywhere({
    words: (site) => {
      const folder = join(site.root, 'musl/packages');
      const wheels = readdirSync(folder).filter((name) => name.endsWith('.whl') && !name.startsWith('.'));
      return ['retag', '--site', site.root, ...wheels.map((name) => join(folder, name))];
    },
    fill: (site) => {
      const path = site.put(join('musl/packages', binaryWheelFilename(wheel)), makeBinaryWheel(wheel));
      site.put(`${path}.asc`, 'signature');
      site.put(`${path}.yanked`, 'broken');
    },
    isPublished: true,
    precious: (site) =>
      Object.entries(site.snapshot()).flatMap(([path, sha256]) =>
        /packages\/.*(?:whl|asc|yanked)$/.test(path) ? [sha256] : [],
      ),
  });
  expect(faults).toEqual([]);
});

test('kho fetch', async () => {
  const server = await ScriptedServer.start();
  onTestFinished(() => server.stop());
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const offer = (options: WheelOptions) => {
    const bytes = makeWheel(options);
    const filename = wheelFilename(options);
    server.file(`/files/${filename}`, bytes);
    const files = [{ filename, url: `/files/${filename}`, hashes: { sha256: sha256(bytes) }, size: bytes.length }];
    const page = JSON.stringify({ meta: { 'api-version': '1.1' }, name: options.name, files });
    server.page(`/simple/${options.name}/`, page, 'application/vnd.pypi.simple.v1+json');
  };
  offer({ name: 'foo', version: '1.0', metadata: ['Requires-Dist: bar'], description: 'x'.repeat(300_000) });
  offer({ name: 'bar', version: '1.0' });
  const faults = await killEverywhere({
    words: (site) => [
      'fetch',
      site.root,
      '--need',
      'foo',
      '--for',
      'musl-x86_64',
      '--python',
      '3.11.4',
      '--from',
      server.url('/simple/').href,
    ],
    fill: (site) => {
      site.wheel('musl', { name: 'stays', version: '1.0' });
    },
    isPublished: true,
    precious: () => [],
  });
  expect(faults).toEqual([]);
});
