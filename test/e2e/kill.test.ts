import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeBack, changeSite, faultsBetween, fillOldSite, type Snapshot } from '../support/crash-site.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';

const KILLS = 100;

/** Chosen once, so that a failure can be repeated as far as the machine's own timing allows. */
const SEED = 20261122;

let site: TestSite;
let nginx: Nginx;
beforeAll(async () => {
  site = new TestSite();
  chmodSync(site.root, 0o755); // nginx reads as somebody else
  nginx = await startNginx(site.root);
});
afterAll(async () => {
  await nginx.stop();
  site.close();
});

/** One run of kho; killed after so many milliseconds, if it still runs then. */
async function build(killAfterMs?: number): Promise<{ ms: number; killed: boolean }> {
  const began = performance.now();
  const child = spawn(process.execPath, [KHO, 'build', site.root, '--quiet'], { stdio: 'ignore' });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('exit', (_code, signal) => resolve(signal)));
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const signal = await ended;
  clearTimeout(timer);
  return { ms: performance.now() - began, killed: signal === 'SIGKILL' };
}

/** Reads random pages and packages until told to stop; every answer must be whole, and of the old or the new site. */
async function readUntil(
  isOver: () => boolean,
  before: Snapshot,
  after: Snapshot,
  random: () => number,
): Promise<string[]> {
  const paths = Object.keys(before).filter((path) => path in after && !path.endsWith('kho.toml'));
  const faults: string[] = [];
  for (let reads = 0; !isOver() || reads < 20; reads++) {
    const path = paths[Math.floor(random() * paths.length)] as string;
    const answer = await fetch(`${nginx.url}/${path.split('/').map(encodeURIComponent).join('/')}`);
    const sha256 = createHash('sha256')
      .update(new Uint8Array(await answer.arrayBuffer()))
      .digest('hex');
    if (answer.status !== 200) faults.push(`${path} was answered with ${answer.status}`);
    else if (sha256 !== before[path] && sha256 !== after[path]) faults.push(`${path} came short or mixed`);
  }
  return faults;
}

test(`a reader notices nothing of ${KILLS} builds killed at random moments, and each next build mends`, async () => {
  fillOldSite(site);
  await build();
  const old = site.snapshot();
  changeSite(site);
  const { ms } = await build();
  const changed = site.snapshot();
  changeBack(site);
  await build();
  expect(site.snapshot()).toEqual(old);

  const random = seededRandom(SEED);
  let killed = 0;
  for (let round = 0; killed < KILLS; round++) {
    expect(round, 'rounds').toBeLessThan(KILLS * 2);
    const forth = round % 2 === 0;
    if (forth) changeSite(site);
    else changeBack(site);
    const [before, after] = forth ? [old, changed] : [changed, old];
    let over = false;
    const reading = readUntil(() => over, before, after, random);
    if ((await build(30 + random() * ms)).killed) killed++;
    const left = site.snapshot();
    await sleep(5);
    over = true;
    expect(await reading, `round ${round}`).toEqual([]);
    expect(faultsBetween(before, after, left, site), `round ${round}`).toEqual([]);
    await build();
    expect(site.snapshot(), `after round ${round}`).toEqual(after);
  }
}, 240_000);
