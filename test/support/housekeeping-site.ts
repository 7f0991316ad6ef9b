/** A site with what commands change that change published files, and what tests ask of it. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadSite } from '../../src/config/load-config.ts';
import { readSelection } from '../../src/housekeeping/selection.ts';
import { makeWheel } from './make-package.ts';
import type { TestSite } from './site.ts';
import { runStopped } from './stop-writes.ts';

export const DOER = { who: 'user:hà', now: Date.parse('2026-11-29T08:00:00Z') };
export const FOO = 'foo-1.0-py3-none-any.whl';
/** A yanked and signed wheel, in a folder of its own. */
export const OLD = `glibc/packages/sub/${FOO}`;

export function fill(one: TestSite): void {
  one.put(OLD, makeWheel({ name: 'foo', version: '1.0' }));
  one.put(`${OLD}.asc`, 'signature');
  one.put(`${OLD}.yanked`, 'broken');
  one.sdist('glibc', { name: 'foo', version: '1.0' });
  one.wheel('glibc', { name: 'foo', version: '1.1' });
  one.put('staging/packages/README', '');
  one.put('release/packages/README', '');
  one.wheel('staging', { name: 'bar', version: '2.0' });
  one.sdist('staging', { name: 'bar', version: '2.0' });
  one.put('staging/packages/bar-2.0-py3-none-any.whl.asc', 'signature');
}

export const open = async (one: TestSite) => (await loadSite(one.root)).config;
export const select = (...texts: string[]) => texts.map(readSelection);

/** Packages of `foo` and `bar`, and what people put beside them: paths from the site's root, sorted. */
export const packagePaths = (one: TestSite) =>
  readdirSync(one.root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(?!\.kho).*packages\/.*(?:foo|bar)/.test(path) && !path.endsWith('.metadata'))
    .sort();

/** As SIGKILL leaves it: the lock is that of a process that is dead. @returns whether it came to its end */
export async function stopped(one: TestSite, last: number, run: () => Promise<unknown>): Promise<boolean> {
  const isDone = await runStopped(last, run);
  rmSync(join(one.root, '.kho/lock'), { force: true });
  return isDone;
}

export function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
