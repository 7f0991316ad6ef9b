/** The published sites that are served, in memory. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeWheel, wheelFilename } from '../../test/support/make-package.ts';
import { KHO } from '../../test/support/tools.ts';
import { cachedCorpus } from '../make-corpus.ts';
import { seededRandom } from '../random.ts';
import { realPackages } from '../tools.ts';
import type { Workload } from './load.ts';

const MEGABYTE = 1024 * 1024;

/** A project with a wheel of a megabyte, and four small ones. */
const BIG = ['1.0', '2.0', '3.0', '4.0', '5.0'].map((version) => ({ name: 'big', version }));
export const BIG_WHEEL = wheelFilename(BIG[0]!);
export const BIG_PAGE = '/simple/big/';

const made = new Map<string, string>();

/** A corpus and the project with the big wheel, published; the same one each time it is asked for. */
export function makeSite(files: number): string {
  return makeOnce(String(files), (packages) => {
    cpSync(join(cachedCorpus(files), 'packages'), packages, { recursive: true, preserveTimestamps: true });
    const random = seededRandom(1);
    for (const wheel of BIG) {
      const length = wheelFilename(wheel) === BIG_WHEEL ? MEGABYTE : 2000;
      const noise = Buffer.from(Array.from({ length }, () => random.below(256)));
      const members = { 'big/noise': noise };
      writeFileSync(join(packages, wheelFilename(wheel)), makeWheel({ ...wheel, members }));
    }
  });
}

/** Real packages, published. */
export function makeRealSite(): string {
  return makeOnce('real', (packages) => {
    const from = realPackages();
    for (const name of readdirSync(from)) if (name.endsWith('.whl')) cpSync(join(from, name), join(packages, name));
  });
}

/** Files of the project with the big wheel. */
export function bigFiles(site: string): string[] {
  return BIG.map((wheel) => join(site, 'packages', wheelFilename(wheel)));
}

export function removeSites(): void {
  for (const site of made.values()) rmSync(site, { recursive: true, force: true });
  made.clear();
}

export function workloads(site: string): Workload[] {
  const list = JSON.parse(readFileSync(join(site, 'simple', 'index.json'), 'utf8'));
  const { name } = list.projects[Math.floor(list.projects.length / 2)];
  return [
    { name: 'project page', path: `/simple/${name}/`, connections: 32, headers: ['Accept: text/html'] },
    { name: 'root page', path: '/simple/', connections: 32, headers: ['Accept: text/html'] },
    { name: '1 MB wheel', path: `/packages/${BIG_WHEEL}`, connections: 8, headers: ['Accept-Encoding: identity'] },
  ];
}

function makeOnce(name: string, fill: (packages: string) => void): string {
  const known = made.get(name);
  if (known !== undefined) return known;
  const site = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'kho-bench-site-'));
  made.set(name, site);
  mkdirSync(join(site, 'packages'));
  fill(join(site, 'packages'));
  execFileSync('chmod', ['-R', 'a+rX', site]);
  execFileSync(process.execPath, [KHO, 'build', site], { stdio: ['ignore', 'ignore', 'inherit'] });
  return site;
}
