/**
 * An uploader who swaps all that he may, as fast as he can. Words: the site, a folder outside of it, how long in milliseconds.
 * What he has done he prints at the end, so that a test can tell that he did anything.
 */

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';

const [site, outside, ms] = process.argv.slice(2);
const until = Date.now() + Number(ms);
const done = {};

function attempt(what, act) {
  try {
    act();
    done[what] = (done[what] ?? 0) + 1;
  } catch {
    // not allowed, or gone: the next one
  }
}

/** What is at `path` goes to `aside`, and a link takes its place; or the other way round. */
function swap(path, target) {
  const aside = `${path}.aside~`;
  attempt('swapped', () => {
    if (fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
      fs.unlinkSync(path);
      fs.renameSync(aside, path);
    } else {
      fs.renameSync(path, aside);
      fs.symlinkSync(target, path);
    }
  });
}

const wheel = fs.readFileSync(`${site}/incoming/wheel.txt`);
const FILE = 'foo-1.0-py3-none-any.whl';
const SECRETS = ['root.whl', 'kho.whl', 'reason'].map((name) => `${outside}/${name}`);
const FOLDERS = ['incoming/sub', 'incoming/refused', 'all/packages/sub'];
const any = (list) => list[Math.floor(Math.random() * list.length)];
/** Open to the group only, so that kho has to open them to all. */
const upload = (path, bytes) =>
  attempt('uploaded', () => {
    fs.writeFileSync(`${site}/${path}`, bytes, { flag: 'wx' });
    fs.chmodSync(`${site}/${path}`, 0o660);
  });

for (let round = 0; Date.now() < until; round++) {
  const name = `foo-1.${round % 50}-py3-none-any.whl`;
  upload(`incoming/${name}`, wheel);
  upload(`incoming/sub/${name}`, wheel);
  upload(`incoming/${FILE}`, `${round}`);
  upload(`all/packages/sub/${FILE}.yanked`, 'no good');
  upload(`all/packages/sub/bar-1.${round}-py3-none-any.whl`, wheel); // its metadata is to be written
  const some = `foo-1.${Math.floor(Math.random() * 50)}-py3-none-any.whl`;
  const files = [`incoming/${some}`, `incoming/sub/${some}`, `all/packages/${some}`, `all/packages/sub/${FILE}`];
  for (const path of [any(files), `all/packages/sub/${FILE}.yanked`]) swap(`${site}/${path}`, any(SECRETS));
  swap(`${site}/${any(FOLDERS)}`, `${outside}/folder`);
  if (round % 10 === 0) swap(`${site}/incoming/${some}`, '/dev/zero');
  attempt('named', () => fs.linkSync(any(SECRETS), `${site}/incoming/bar-1.0-py3-none-any.whl`));
  for (const folder of ['all/packages', 'incoming', 'incoming/refused', 'originals']) {
    attempt('listed', () => {
      for (const own of fs.readdirSync(`${site}/${folder}`)) {
        if (own.startsWith('.kho-')) swap(`${site}/${folder}/${own}`, `${outside}/folder`);
      }
    });
  }
  if (round % 200 === 0) {
    attempt('piped', () => execFileSync('mkfifo', [`${site}/incoming/pipe-1.${round}-py3-none-any.whl`]));
    const left = (number) => `.kho-4194305-0123456789a${number}-${round}`;
    attempt('left', () => fs.symlinkSync(`${outside}/folder`, `${site}/incoming/${left(1)}`));
    attempt('left', () => fs.symlinkSync(`${outside}/folder`, `${site}/all/packages/${left(2)}`));
    attempt('left', () => fs.renameSync(`${site}/incoming/refused`, `${site}/incoming/${left(3)}`));
  }
}
process.stdout.write(JSON.stringify(done));
