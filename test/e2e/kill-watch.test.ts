/** `kho watch` and `kho serve`, killed at random moments while files come and go and somebody reads. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { surveySite } from '../../src/build-site.ts';
import { checkSite } from '../../src/check/check-site.ts';
import { loadSite } from '../../src/config/load-config.ts';
import { changeBack, changeSite, faultsBetween, fillOldSite, giveUpAll, type Snapshot } from '../support/crash-site.ts';
import { freePort } from '../support/free-port.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { TestSite } from '../support/site.ts';
import { differences, treeOf } from '../support/site-tree.ts';
import { KHO } from '../support/tools.ts';

/** Of each command. */
const KILLS = 100;

/** Chosen once, so that a failure can be repeated as far as the machine's own timing allows. */
const SEED = 20261128;

/** One run looks, is told of changes, waits until files rest, and builds. In milliseconds. */
const LONGEST_RUN_MS = 700;

/** What a reader gets at a path, or why nothing came. Undefined when nobody answers (any more). */
type Read = (path: string) => Promise<Uint8Array | string | undefined>;

const COMMANDS = {
  watch: (site: TestSite) => ({
    words: ['watch', site.root],
    read: async (path: string) => {
      try {
        return readFileSync(join(site.root, path));
      } catch (error) {
        return (error as NodeJS.ErrnoException).code; // a fault
      }
    },
  }),
  serve: (site: TestSite, port: number) => ({
    words: ['serve', site.root, '--port', String(port), '--no-access-log'],
    read: async (path: string) => {
      try {
        const answer = await fetch(`http://127.0.0.1:${port}/${path.split('/').map(encodeURIComponent).join('/')}`);
        if (!answer.ok) return String(answer.status);
        return new Uint8Array(await answer.arrayBuffer());
      } catch {
        return undefined; // not there yet, or killed in its answer
      }
    },
  }),
} satisfies Record<string, (site: TestSite, port: number) => { words: string[]; read: Read }>;

/** Reads random pages and packages that both sites have until told to stop. */
async function readUntil(
  isOver: () => boolean,
  [before, after]: [Snapshot, Snapshot],
  read: Read,
  random: () => number,
): Promise<string[]> {
  const paths = Object.keys(before).filter((path) => path in after && !path.endsWith('kho.toml'));
  const faults: string[] = [];
  while (!isOver()) {
    const path = paths[Math.floor(random() * paths.length)] as string;
    const got = await read(path);
    const isGood = typeof got !== 'string' && (got === undefined || isWhole(path, got, [before, after]));
    if (!isGood) faults.push(`${path} came as ${got}`);
    await sleep(got === undefined ? 20 : 2);
  }
  return faults;
}

/** Files come one by one, and kho may publish what there is of them: packages are old or new ones, and pages are whole. */
function isWhole(path: string, bytes: Uint8Array, known: Snapshot[]): boolean {
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (known.some((snapshot) => snapshot[path] === hash)) return true;
  if (path.includes('packages/')) return false;
  const text = Buffer.from(bytes).toString('utf8');
  if (/(?:^|\/)(?:index\.)?json$/.test(path)) return text.trimEnd().endsWith('}') && JSON.parse(text) !== null;
  return path.endsWith('.html') ? text.trimEnd().endsWith('</html>') : text.length > 0;
}

/**
 * The only file of this project gives its place to another within a moment. A run that begins in that very moment may find neither, and
 * readers no page until the next; while it watches, none is missing (test/build.test.ts).
 */
const isOfReplaced = (fault: string) =>
  /\/replaced\/\S* (?:is gone|came as (?:ENOENT|404))|links to \S*\/replaced\//.test(fault);

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

test.concurrent.each(Object.keys(COMMANDS) as (keyof typeof COMMANDS)[])(
  `kho %s, killed ${KILLS} times: readers notice nothing, and one build mends`,
  async (command) => {
    const site = new TestSite();
    try {
      await killAgainAndAgain(command, site);
    } finally {
      site.close();
    }
  },
);

async function killAgainAndAgain(command: keyof typeof COMMANDS, site: TestSite): Promise<void> {
  const port = await freePort();
  const { words, read } = COMMANDS[command](site, port);
  const tree = () => {
    const { '.kho/service': _note, ...rest } = treeOf(site.root); // of a service that was killed: `kho status` tells so by it
    return rest;
  };
  const stateNow = () => ({ snapshot: site.snapshot(), tree: tree() });
  fillOldSite(site);
  await site.build();
  const old = stateNow();
  changeSite(site);
  await site.build();
  const changed = stateNow();
  changeBack(site);
  await site.build();
  expect(differences(tree(), old.tree)).toEqual([]);

  const random = seededRandom(SEED);
  const faults: string[] = [];
  let killed = 0;
  for (let round = 0; killed < KILLS && faults.length < 20; round++) {
    expect(round, 'rounds').toBeLessThan(KILLS * 1.2);
    const forth = round % 2 === 0;
    const [before, after] = forth ? [old, changed] : [changed, old];
    let isOver = false;
    const child = spawn(process.execPath, [KHO, ...words], { stdio: 'ignore', cwd: '/' });
    const reading = readUntil(() => isOver, [before.snapshot, after.snapshot], read, random);
    const changeAt = random() * LONGEST_RUN_MS * 0.7;
    await sleep(changeAt);
    if (forth) changeSite(site);
    else changeBack(site);
    await sleep(random() * (LONGEST_RUN_MS - changeAt));
    // It ends by itself when it begins while a repository has pages that kho.toml no longer knows.
    if (child.exitCode === null) {
      await kill(child);
      killed++;
    }
    // Whoever was publishing in it when it was removed made it anew.
    if (!forth) giveUpAll(site);
    isOver = true;
    for (const fault of await reading) if (!isOfReplaced(fault)) faults.push(`round ${round}: ${fault}`);
    for (const fault of faultsBetween(before.snapshot, after.snapshot, site.snapshot(), site)) {
      if (isOfReplaced(fault)) continue;
      if (!/is neither/.test(fault) || fault.includes('packages/')) faults.push(`round ${round}: ${fault}`);
    }
    await site.build();
    for (const difference of differences(tree(), after.tree)) {
      faults.push(`the build after round ${round}: ${difference}`);
    }
  }
  expect(faults).toEqual([]);
  const { config } = await loadSite(site.root);
  expect(await checkSite(config, await surveySite(config))).toEqual([]);
}
