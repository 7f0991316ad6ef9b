import { cpSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeWheel } from './make-package.ts';
import type { TestSite } from './site.ts';

/** A small site that has all that a change can touch: two repositories, one included in both, sdists, a yank, sub-folders. */
export function fillOldSite(site: TestSite): void {
  putSettings(site, '[repositories.glibc]\ninclude = ["common"]\n[repositories.musl]\ninclude = ["common"]\n');
  site.wheel('common', { name: 'stays', version: '1.0' });
  site.wheel('common', { name: 'goes', version: '1.0' });
  site.sdist('common', { name: 'changes', version: '1.0' });
  site.wheel('glibc', { name: 'changes', version: '2.0', tag: 'cp311-cp311-linux_x86_64' });
  site.wheel('musl', { name: 'changes', version: '2.0', tag: 'cp311-cp311-linux_x86_64', description: 'musl' });
  site.wheel('glibc', { name: 'hidden', version: '1.0' });
  site.wheel('musl', { name: 'replaced', version: '1.0' });
}

/** At once: half of them would be other settings. */
function putSettings(site: TestSite, text: string): void {
  const path = join(site.root, 'kho.toml');
  site.put('.kho.toml.new', text);
  renameSync(join(site.root, '.kho.toml.new'), path);
}

/** Adds, changes, removes, yanks, includes: what happens to such a site between two builds. What has other files then is never without any. */
export function changeSite(site: TestSite): void {
  site.remove('common/packages/goes-1.0-py3-none-any.whl');
  site.wheel('common', { name: 'hidden', version: '1.1' });
  site.wheel('glibc', { name: 'new', version: '1.0' });
  site.sdist('common', { name: 'changes', version: '3.0' });
  site.put('common/packages/stays-1.0-py3-none-any.whl.yanked', 'broken');
  site.remove('glibc/packages/changes-2.0-cp311-cp311-linux_x86_64.whl');
  site.wheel('glibc', {
    ...{ name: 'changes', version: '2.1', tag: 'cp311-cp311-linux_x86_64' },
    metadata: 'Requires-Dist: new\nRequires-Dist: stays',
  });
  putSettings(
    site,
    '[repositories.glibc]\ninclude = ["common"]\n[repositories.musl]\ninclude = ["common"]\n[repositories.all]\ninclude = ["glibc"]\n',
  );
  site.wheel('musl', { name: 'replaced', version: '1.0.post1' });
  site.remove('musl/packages/replaced-1.0-py3-none-any.whl');
}

/** Undoes `changeSite`: the old site again, byte for byte. */
export function changeBack(site: TestSite): void {
  fillOldSite(site);
  giveUpAll(site);
  site.remove(
    'common/packages/hidden-1.1-py3-none-any.whl',
    'glibc/packages/new-1.0-py3-none-any.whl',
    'common/packages/changes-3.0.tar.gz',
    'common/packages/stays-1.0-py3-none-any.whl.yanked',
    'glibc/packages/changes-2.1-cp311-cp311-linux_x86_64.whl',
    'musl/packages/replaced-1.0.post1-py3-none-any.whl',
  );
}

/** A run that makes a folder anew while it is removed comes to its end within that many. */
const MOST_ATTEMPTS = 100;

/** The pages of a repository that kho.toml no longer knows: people remove them, once more where kho was writing there. */
export function giveUpAll(site: TestSite): void {
  for (let attempt = 1; ; attempt++) {
    try {
      rmSync(join(site.root, 'all'), { recursive: true, force: true });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY' || attempt === MOST_ATTEMPTS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** As small as a site can be that has all this: for tests that kill a run at every single call. */
export function fillSmallSite(site: TestSite): void {
  site.put('kho.toml', '[repositories.glibc]\ninclude = ["common"]\n');
  site.wheel('common', { name: 'goes', version: '1.0' });
  site.sdist('common', { name: 'changes', version: '1.0' });
  site.wheel('glibc', { name: 'replaced', version: '1.0' });
}

/** Adds, changes, removes, yanks. */
export function changeSmallSite(site: TestSite): void {
  site.remove('common/packages/goes-1.0-py3-none-any.whl');
  site.sdist('common', { name: 'changes', version: '3.0' });
  site.put('common/packages/changes-1.0.tar.gz.yanked', 'broken');
  site.put('glibc/packages/sub/new-1.0-py3-none-any.whl', makeWheel({ name: 'new', version: '1.0' }));
  site.wheel('glibc', { name: 'replaced', version: '1.0', description: 'other bytes' });
}

/** Copies that keep times and inodes apart: the same site again, as often as it has to be killed. */
export function copySite(from: TestSite, to: TestSite): void {
  for (const name of readdirSync(to.root)) rmSync(join(to.root, name), { recursive: true });
  cpSync(from.root, to.root, { recursive: true, preserveTimestamps: true });
}

/** A site as a reader meets it: paths and bytes, without what starts with a dot. */
export type Snapshot = Record<string, string>;

/**
 * What is wrong with a site that was left in the middle between two others: paths that both have must be there with the
 * bytes of one of them, and every link of a page must lead to a file, unless a person removed it, or its repository. New pages may link to one another
 * before they are there, and pages that go until they are gone: nothing leads to them yet, or any more.
 */
export function faultsBetween(before: Snapshot, after: Snapshot, now: Snapshot, site: TestSite): string[] {
  const faults: string[] = [];
  for (const path in before) {
    if (path in after && !(path in now)) faults.push(`${path} is gone`);
  }
  for (const path in now) {
    if (now[path] !== before[path] && now[path] !== after[path])
      faults.push(`${path} is neither the old nor the new one`);
  }
  for (const page of Object.keys(now).filter(
    (path) => path.endsWith('simple/index.json') === false && path.endsWith('index.json'),
  )) {
    for (const file of site.json(page).files) {
      const target = join(page, '..', decodeURIComponent(file.url));
      const removedByHand = target in before && !(target in after);
      if (!(target in now) && !removedByHand) faults.push(`${page} links to ${target}`);
      if (file['core-metadata'] && now[`${target}.metadata`] !== file['core-metadata'].sha256) {
        // What has other bytes under its old name is not what old pages promise anyway.
        const isReplaced = target in before && now[target] !== before[target];
        if (target in now && !isReplaced) faults.push(`${page} promises other metadata for ${target}`);
      }
    }
  }
  const repositoriesOf = (snapshot: Snapshot) => new Set(Object.keys(snapshot).map((path) => path.split('/')[0]));
  const [repositories, lasting] = [repositoriesOf(now), repositoriesOf(after)];
  const isGoing = (path: string) => path in before && !(path in after);
  const isGivenUp = (path: string) => [repositories, lasting].every((names) => !names.has(path.split('/')[0]));
  for (const page of Object.keys(now).filter((path) => /^(?!.*simple\/).*\.html$/.test(path))) {
    for (const [, href = ''] of site.read(page).matchAll(/<(?:a|link|script|img)\b[^>]*?\s(?:href|src)="([^"#]+)/g)) {
      if (/^[a-z][a-z0-9+.-]*:/i.test(href)) continue;
      const path = decodeURIComponent(href).replace(/\/$/, '/index.html');
      const target = path.startsWith('/') ? path.slice(1) : join(page, '..', path);
      const isRemoved = (isGoing(target) && target.includes('/packages/')) || isGivenUp(target);
      const areGoing = isGoing(page) && isGoing(target);
      const areNew = !(page in before) && !(target in before) && /\.(?:html|xml)$/.test(target) && target in after;
      if (!(target in now) && !isRemoved && !areNew && !areGoing) faults.push(`${page} links to ${target}`);
    }
  }
  for (const list of Object.keys(now).filter((path) => path.endsWith('simple/index.json'))) {
    for (const { name } of site.json(list).projects) {
      if (!(join(list, '..', name, 'index.html') in now)) faults.push(`${list} lists ${name}, which has no page`);
    }
  }
  return faults;
}

/** Whether a fault is about a new file beside packages that no page names yet: it may be there in part. */
export function isOfUnnamed(fault: string, before: Snapshot, site: TestSite): boolean {
  const [, path, filename] = /^((?:.*\/)?packages\/(?:.*\/)?([^/]+?)(?:\.metadata)?) is neither/.exec(fault) ?? [];
  if (path === undefined || filename === undefined || fault.slice(0, fault.indexOf(' is neither')) in before)
    return false;
  const pages = Object.keys(site.snapshot()).filter((page) => /simple\/.+\/index\.(?:json|html)$/.test(page));
  return !pages.some((page) => site.read(page).includes(filename));
}

/** The published part of a site. */
export function withoutIncoming(snapshot: Snapshot): Snapshot {
  return Object.fromEntries(Object.entries(snapshot).filter(([path]) => !path.startsWith('incoming/')));
}
