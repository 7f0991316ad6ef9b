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

/** Whatever is at `path` goes to `aside`, a link stands there for a moment, and all is as before. */
function swap(path, target) {
  const aside = `${path}.aside~`;
  attempt('swapped', () => {
    fs.renameSync(path, aside);
    attempt('linked', () => fs.symlinkSync(target, path));
    attempt('unlinked', () => fs.unlinkSync(path));
    fs.renameSync(aside, path);
  });
}

const wheel = fs.readFileSync(`${site}/incoming/wheel.txt`);
const FILE = 'foo-1.0-py3-none-any.whl';
const SECRETS = ['root.whl', 'kho.whl'].map((name) => `${outside}/${name}`);

for (let round = 0; Date.now() < until; round++) {
  const name = `foo-1.${round % 50}-py3-none-any.whl`;
  const secret = SECRETS[round % 2];
  attempt('uploaded', () => fs.writeFileSync(`${site}/incoming/${name}`, wheel, { flag: 'wx' }));
  attempt('uploaded', () => fs.writeFileSync(`${site}/incoming/sub/${name}`, wheel, { flag: 'wx' }));
  attempt('uploaded', () => fs.writeFileSync(`${site}/incoming/${FILE}`, `${round}`, { flag: 'wx' }));
  attempt('uploaded', () => fs.writeFileSync(`${site}/all/packages/sub/${FILE}.yanked`, 'reason', { flag: 'wx' }));
  for (const path of [`incoming/${name}`, `incoming/sub/${name}`, `incoming/${FILE}`]) swap(`${site}/${path}`, secret);
  for (const path of ['incoming/sub', 'incoming/refused', 'all/packages/sub'])
    swap(`${site}/${path}`, `${outside}/folder`);
  for (const path of [`all/packages/${name}`, `all/packages/sub/${FILE}`, `all/packages/sub/${FILE}.yanked`]) {
    swap(`${site}/${path}`, secret);
  }
  swap(`${site}/incoming/${name}`, '/dev/zero');
  attempt('named', () => fs.linkSync(secret, `${site}/incoming/bar-1.0-py3-none-any.whl`));
  for (const folder of ['all/packages', 'incoming', 'incoming/refused', 'originals']) {
    attempt('listed', () => {
      for (const own of fs.readdirSync(`${site}/${folder}`)) {
        if (own.startsWith('.kho-')) swap(`${site}/${folder}/${own}`, `${outside}/folder`);
      }
    });
  }
  if (round % 200 === 0) {
    attempt('piped', () => execFileSync('mkfifo', [`${site}/incoming/pipe-1.${round}-py3-none-any.whl`]));
    attempt('left', () => fs.symlinkSync(`${outside}/folder`, `${site}/incoming/.kho-4194305-0123456789ab-${round}`));
    attempt('left', () =>
      fs.symlinkSync(`${outside}/folder`, `${site}/all/packages/.kho-4194305-0123456789ab-${round}`),
    );
    attempt('left', () =>
      fs.renameSync(`${site}/incoming/refused`, `${site}/incoming/.kho-4194305-0123456789ac-${round}`),
    );
  }
}
process.stdout.write(JSON.stringify(done));
