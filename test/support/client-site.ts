/** A small built site for clients: private packages that exist nowhere else, and real wheels, one complete index for each libc. */
import { chmodSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { copyTo, corpus } from './corpus.ts';
import { runOrThrow } from './run-program.ts';
import { TestSite } from './site.ts';
import { KHO } from './tools.ts';

const PURE = [
  'Jinja2-2.11.3-py2.py3-none-any.whl',
  'docopt-0.6.2.tar.gz',
  'pycparser-2.23-py3-none-any.whl',
  'setuptools-75.3.0-py3-none-any.whl',
  'six-1.16.0-py2.py3-none-any.whl',
  'wheel-0.43.0-py3-none-any.whl',
];

/** For the Pythons that scripts/prepare/pins.mjs may choose: old ones for old pips. */
const GLIBC = [
  'MarkupSafe-1.1.1-cp36-cp36m-manylinux1_x86_64.whl',
  'MarkupSafe-1.1.1-cp37-cp37m-manylinux1_x86_64.whl',
  'MarkupSafe-1.1.1-cp38-cp38-manylinux1_x86_64.whl',
  'MarkupSafe-1.1.1-cp39-cp39-manylinux1_x86_64.whl',
  'MarkupSafe-3.0.2-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  'MarkupSafe-3.0.2-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  'MarkupSafe-3.0.2-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  'asyncpg-0.30.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  'asyncpg-0.30.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  'asyncpg-0.30.0-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  'cffi-2.0.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
  'cffi-2.0.0-cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
  'cffi-2.0.0-cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
];
const MUSL = ['asyncpg-0.30.0-cp311-cp311-musllinux_1_2_x86_64.whl', 'cffi-2.0.0-cp311-cp311-musllinux_1_2_x86_64.whl'];

const KHO_TOML = `
[repositories.glibc]
include = ["common"]
[repositories.musl]
include = ["common"]
`;

/** Before this day there was only acme-core 1.1. */
export const NEWER_UPLOADS = '2025-06-01';

/**
 * Asking for `acme-app` brings acme-core 1.2.0 (1.3.0 is yanked, 2.0 wants a Python to come) and acme-util 1.0+vn.1.
 * Built by the bundle; readable by everybody, as a web server needs it.
 */
export async function buildClientSite(): Promise<TestSite> {
  const site = new TestSite();
  chmodSync(site.root, 0o755);
  site.put('kho.toml', KHO_TOML);
  addPrivatePackages(site);
  await copyTo(join(site.root, 'common', 'packages'), await corpus(PURE));
  await copyTo(join(site.root, 'glibc', 'packages'), await corpus(GLIBC));
  await copyTo(join(site.root, 'musl', 'packages'), await corpus(MUSL));
  await runOrThrow(process.execPath, [KHO, 'build', site.root, '--strict', '--quiet']);
  return site;
}

function addPrivatePackages(site: TestSite): void {
  const name = 'acme-core';
  site.wheel('common', {
    name: 'Acme.App',
    version: '1.0',
    metadata: ['Requires-Dist: acme_core>=1.1', 'Requires-Dist: Acme-Util'],
    description: 'An application with a private library or two.\n',
  });
  const first = site.wheel('common', { name, version: '1.1' });
  site.wheel('common', { name, version: '1.2.0' });
  const yanked = site.wheel('common', { name, version: '1.3.0' });
  site.put(`${yanked}.yanked`, 'loses <data> & "money"');
  site.wheel('common', { name, version: '2.0', metadata: 'Requires-Python: >=3.99' });
  site.wheel('common', { name: 'acme_util', version: '1.0+vn.1' });
  const before = new Date('2025-01-01T00:00:00Z');
  utimesSync(join(site.root, first), before, before);
}
