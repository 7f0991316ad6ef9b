/** Pages for people tell what came from where, and nothing of what only some may know. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { surveySite } from '../src/build-site.ts';
import { checkSite } from '../src/check/check-site.ts';
import { loadSite } from '../src/config/load-config.ts';
import { rememberOrigin } from '../src/names/origins.ts';
import { addNames } from '../src/names/own-names.ts';
import { TestSite } from './support/site.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

const UPSTREAM = '[upstreams.public]\nurl = "https://user:secret@index.example/simple/"\n';
const wheel = (name: string, version: string) => `${name}-${version}-py3-none-any.whl`;
const textOf = (path: string) =>
  site
    .read(path)
    .replace(/<(?:script|style).*?<\/(?:script|style)>|<[^>]*>/gs, ' ')
    .replace(/\s+/g, ' ');
const projectPage = (name: string, repository = 'a') => textOf(`${repository}/project/${name}/index.html`);

function settings(more: string, upstream = ''): void {
  site.put('kho.toml', `${more}\n${UPSTREAM}${upstream}\n[repositories.a]\nupstreams = ["public"]\n`);
}

/** As `kho fetch` leaves it. */
function fetched(project: string, version: string, index = 'https://index.example/simple/'): void {
  const path = site.wheel('a', { name: project, version });
  const sha256 = createHash('sha256')
    .update(readFileSync(join(site.root, path)))
    .digest('hex');
  rememberOrigin(site.root, {
    filename: wheel(project, version),
    sha256,
    project,
    index,
    fetched: '2026-11-01T00:00:00Z',
  });
}

function keep(project: string, ...versions: string[]): void {
  for (const version of versions) {
    site.put(`upstream/public/packages/${project}/${wheel(project, version)}`, 'x'.repeat(1000));
    site.put(`upstream/public/packages/${project}/${wheel(project, version)}.metadata`, 'x'.repeat(100));
  }
}

async function drifts() {
  const { config } = await loadSite(site.root);
  return checkSite(config, await surveySite(config));
}

test('a page of a project says whose it is, which files kho brought, and what is kept of other indexes', async () => {
  settings('own = ["farm"]\nshared = ["numbers"]', 'cooldown = "7d"\ndeny = ["numbers<1", "other"]');
  site.wheel('a', { name: 'farm', version: '1.0' });
  site.wheel('a', { name: 'undecided', version: '1.0' });
  site.wheel('a', { name: 'numbers', version: '1.0', build: '1' });
  fetched('numbers', '1.0');
  fetched('brought', '1.0', 'https://token@other.example/private-path/simple/');
  keep('numbers', '2.0', '2.1');
  await site.build();
  expect(projectPage('farm')).toContain('The team’s own: no other index is asked for this name.');
  expect(projectPage('undecided')).toContain('Counts as the team’s own until somebody decides (kho names)');
  const numbers = projectPage('numbers');
  expect(numbers).toContain('Shared: the team’s files stand beside those of public, and come first.');
  expect(numbers).toContain('numbers -1 .0 -1 -py3 -none -any .whl own');
  expect(numbers).toContain('numbers -1 .0 -py3 -none -any .whl from public');
  expect(numbers).toContain(
    'public Its files come in once they are 7 days old. Never comes in: <1 Kept here: 2.1, 2.0 · 2.2 kB'.replace(
      '<',
      '&lt;',
    ),
  );
  expect(projectPage('brought')).toContain('Brought from other.example.');
  expect(textOf(`a/project/brought/1.0/${wheel('brought', '1.0')}.html`)).toContain('Origin other.example, 2026-11-01');
  expect(textOf(`a/project/farm/1.0/${wheel('farm', '1.0')}.html`)).toContain('Origin own');
  expect(
    Object.keys(site.snapshot()).filter(
      (path) => /\.html$/.test(path) && /secret|token@|private-path/.test(site.read(path)),
    ),
  ).toEqual([]);
  expect(await drifts()).toEqual([]);
});

test('a page of a repository lists what is kept of other indexes, and is made anew when that changes', async () => {
  settings('own = ["farm"]');
  site.wheel('a', { name: 'farm', version: '1.0' });
  keep('foo', '1.0', '1.10', '1.9');
  keep('bar', '1.0');
  keep('farm', '9.9');
  keep('<b>Evil', '1.0');
  await site.build();
  const page = () => textOf('a/index.html');
  expect(page()).toContain('2 projects of public 4.4 kB');
  expect(page()).toContain('bar 1.0 1.1 kB foo 1.10, 1.9, 1.0 3.3 kB');
  expect([page().includes('9.9'), page().includes('Evil')]).toEqual([false, false]);
  expect((await site.build()).written).toBe(0);
  keep('zoo', '1.0');
  expect((await site.build()).written).toBe(1);
  expect(page()).toContain('zoo 1.0');
  settings('own = ["farm", "foo"]');
  await site.build();
  expect(page()).not.toContain('foo 1.10');
  expect(await drifts()).toEqual([]);
});

test('what is decided of a name, and what is known to be brought, stands on its pages with the next build', async () => {
  settings('');
  fetched('numbers', '1.0');
  site.wheel('a', { name: 'numbers', version: '2.0' });
  await site.build();
  expect(projectPage('numbers')).toContain('Counts as the team’s own until');
  addNames(site.root, [{ name: 'numbers', mark: 'shared' }]);
  await site.build();
  expect(projectPage('numbers')).toContain('Shared: the team’s files stand beside those of public');
});

test('many kept projects are cut, and counted', async () => {
  settings('');
  site.wheel('a', { name: 'farm', version: '1.0' });
  for (let number = 0; number < 203; number++) keep(`p${String(number).padStart(3, '0')}`, '1.0');
  await site.build();
  const page = textOf('a/index.html');
  expect([page.includes('203 projects of public'), page.includes('p199'), page.includes('p200')]).toEqual([
    true,
    true,
    false,
  ]);
  expect(page).toContain('And 3 more. kho cache --all names all.');
});

test('no public page tells what machines of a private repository may have asked for', async () => {
  site.put(
    'kho.toml',
    `shared = ["foo"]\n${UPSTREAM}[upstreams.second]\nurl = "https://second.example/simple/"\n` +
      '[repositories.a]\nupstreams = ["public", "second"]\n[repositories.b]\nprivate = true\nupstreams = ["public"]\n',
  );
  for (const repository of ['a', 'b']) site.wheel(repository, { name: 'foo', version: '1.0' });
  keep('foo', '2.0');
  site.put(`upstream/second/packages/bar/${wheel('bar', '1.0')}`, 'x');
  await site.build();
  expect(textOf('b/index.html')).toContain('foo 2.0');
  expect(textOf('a/index.html')).not.toContain('foo 2.0');
  expect(textOf('a/index.html')).toContain('bar 1.0');
  expect([projectPage('foo').includes('2.0'), projectPage('foo', 'b').includes('Kept here: 2.0')]).toEqual([
    false,
    true,
  ]);
});

test('a site that has nothing to do with other indexes tells nothing of it', async () => {
  site.put('kho.toml', 'own = ["foo"]\n');
  site.wheel('a', { name: 'foo', version: '1.0' });
  await site.build();
  for (const path of ['a/index.html', 'a/project/foo/index.html'])
    expect(textOf(path)).not.toMatch(/other index|Origin/);
});
