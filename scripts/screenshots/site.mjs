import { copyFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadPackages, manylinux } from '../demo/download.mjs';

const PYTHONS = ['3.11', '3.12', '3.13'];
const BINARY = ['asyncpg==0.31.0', 'cffi==2.0.0', 'cryptography==46.0.3', 'orjson==3.11.4'];
const OLDER = ['asyncpg==0.30.0', 'cffi==1.17.1', 'orjson==3.10.18'];
const PURE = [
  ...['asgiref==3.10.0', 'async-timeout==5.0.1', 'attrs==25.4.0', 'certifi==2025.10.5', 'charset-normalizer==3.4.4'],
  ...[
    'flask==3.1.2',
    'httpx==0.28.1',
    'idna==3.11',
    'jinja2==3.1.6',
    'pycparser==2.23',
    'requests==2.32.5',
    'rich==14.2.0',
  ],
];

function packages() {
  const wheels = ['--no-deps', '--only-binary=:all:'];
  const forPython = (python) => [...wheels, `--python-version=${python}`];
  return [
    ['common', [...wheels, '--platform=any', ...PURE]],
    ['common', [...wheels, '--platform=any', 'requests==2.32.4']],
    ['armhf', [...forPython('3.11'), ...manylinux('armv7l'), '--platform=manylinux_2_31_armv7l', ...BINARY.slice(2)]],
    ...PYTHONS.flatMap((python) => [
      ['glibc', [...forPython(python), ...manylinux('x86_64'), ...BINARY]],
      ['glibc', [...forPython(python), ...manylinux('x86_64'), ...OLDER]],
      ['musl', [...forPython(python), '--platform=musllinux_1_2_x86_64', ...BINARY]],
    ]),
    ...PYTHONS.slice(1).map((python) => ['glibc', [...forPython(python), ...manylinux('aarch64'), ...BINARY]]),
  ];
}

/** The day of the pictures. */
export const TODAY = new Date('2026-03-20T09:00:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * A site of real packages, always the same: one file is held, for it lies with the wrong machines, and one is yanked.
 *
 * @param {string} site
 * @param {{ python: string, version: string }} environment
 * @param {string} language
 */
export async function makeSite(site, environment, { title, language }) {
  await downloadPackages(site, environment, packages());
  for (const repository of ['common', 'glibc', 'musl', 'armhf']) {
    const folder = join(site, repository, 'packages');
    for (const [place, name] of (await readdir(folder)).sort().entries()) {
      const came = new Date(TODAY.getTime() - ((place * 37) % 90) * DAY_MS - place * 60_000);
      await utimes(join(folder, name), came, came);
    }
  }
  await holdOne(site);
  const yanked = 'requests-2.32.4-py3-none-any.whl';
  await writeFile(join(site, 'common/packages', `${yanked}.yanked`), 'Use 2.32.5');
  const included = ['armhf', 'glibc', 'musl']
    .map((name) => `[repositories.${name}]\ninclude = ["common"]\n`)
    .join('\n');
  const settings = `title = ${JSON.stringify(title)}\nurl = "https://packages.example.vn"\nlanguage = "${language}"\n\n${included}`;
  await writeFile(join(site, 'kho.toml'), settings);
}

async function holdOne(site) {
  const from = join(site, 'musl/packages');
  const name = (await readdir(from)).sort().find((file) => file.startsWith('orjson-3.11.4-cp311'));
  const to = join(site, 'glibc/packages', name);
  await copyFile(join(from, name), to);
  await utimes(to, TODAY, TODAY);
}
