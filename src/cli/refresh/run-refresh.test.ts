import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from '../../../test/support/run-command.ts';
import { ScriptedServer } from '../../../test/support/scripted-server.ts';
import { TestSite } from '../../../test/support/site.ts';
import { loadSite } from '../../config/load-config.ts';
import { normalizeName } from '../../standards/name.ts';
import { PullPages } from '../../upstream/pages/pull-pages.ts';

let site: TestSite;
let index: ScriptedServer;
beforeEach(async () => {
  index = await ScriptedServer.start();
  site = new TestSite();
  site.wheel('a', { name: 'farm', version: '1.0' });
  site.put(
    'kho.toml',
    `[upstreams.public]\nurl = "${index.url('/simple/').href}"\nfresh = "1d"\nprojects = ["foo", "bar", "farm"]\n[upstreams.second]\nurl = "${index.url('/second/').href}"\n[repositories.a]\nupstreams = ["public", "second"]\n`,
  );
  await site.build();
  process.exitCode = undefined;
});
afterEach(() => {
  process.exitCode = undefined;
  index.stop();
  site.close();
});

const refresh = (...words: string[]) => runCommand(['refresh', ...words, '--site', site.root]);
const asked = () => index.requests.map(({ path }) => path);

function offer(project: string, ...versions: string[]): void {
  const files = versions.map((version) => ({
    ...{ filename: `${project}-${version}-py3-none-any.whl`, url: `/files/${project}-${version}-py3-none-any.whl` },
    ...{ size: 7, hashes: { sha256: 'a'.repeat(64) } },
  }));
  const page = { meta: { 'api-version': '1.1' }, name: project, versions, files };
  index.page(`/simple/${project}/`, JSON.stringify(page), 'application/vnd.pypi.simple.v1+json');
}

/** Ten seconds later, as far as what was remembered tells. */
function later(): void {
  site.remove('.kho/refreshed');
}

test('kho refresh asks for a page now, and tells whether it is another one', async () => {
  offer('foo', '1.0');
  expect((await refresh('Foo')).out).toBe('foo  public: changed, 1 file\n');
  later();
  expect((await refresh('foo')).out).toBe('foo  public: as it was, 1 file\n');
  later();
  offer('foo', '1.0', '1.1');
  const { out, exitCode } = await refresh('foo', '--json');
  expect(JSON.parse(out)).toEqual({ pages: [{ project: 'foo', upstream: 'public', is: 'changed', files: 2 }] });
  expect(exitCode).toBe(0);
});

test('kho refresh asks at most once in ten seconds for a name, the next upstream only where there is none, and nobody for what is own', async () => {
  offer('foo', '1.0');
  await refresh('foo');
  expect((await refresh('foo', 'bar', 'farm', 'zoo')).out).toBe(
    [
      'foo  public: was asked for within the last ten seconds',
      'bar  public: has no such project',
      'bar  second: has no such project',
      'farm  is your own: no other index is asked for it',
      'zoo  second: has no such project',
      '',
    ].join('\n'),
  );
  expect(asked()).toEqual(['/simple/foo/', '/simple/bar/', '/second/bar/', '/second/zoo/']);
});

test('kho refresh exits with 1 where an upstream does not answer, and keeps what it has', async () => {
  offer('foo', '1.0');
  await refresh('foo');
  later();
  index.answers.set('/simple/foo/', (_request, response) => void response.writeHead(503).end());
  const { out, exitCode } = await refresh('foo');
  expect([out, exitCode]).toEqual(['foo  public: does not answer; what is kept goes on to count\n', 1]);
});

test('what kho refresh has brought is there with the next request, of a site that is served', async () => {
  const { config } = await loadSite(site.root);
  const pull = new PullPages({ config: () => config, tell: () => {}, environment: {} });
  const page = () =>
    pull.page({
      repository: 'a',
      project: normalizeName('foo'),
      form: 'json',
      isRefresh: false,
      client: 'me',
      via: undefined,
    });
  const listed = async () => {
    const found = await page();
    return found.is === 'page' ? JSON.parse(site.read(found.path.slice(site.root.length + 1))).versions : found.is;
  };
  try {
    expect(await listed()).toBe('own'); // nobody has it
    offer('foo', '1.0');
    expect(await listed()).toBe('own'); // that is remembered for a minute
    await refresh('foo');
    expect(await listed()).toEqual(['1.0']);
    later();
    offer('foo', '1.0', '1.1');
    await refresh('foo');
    expect(await listed()).toEqual(['1.0', '1.1']);
  } finally {
    await pull.close();
  }
});

test.each([
  ['what is no name', ['../x'], 'Cannot refresh this'],
  ['a site without upstreams', ['foo'], 'kho.toml names no upstreams'],
])('kho refresh refuses %s', async (_what, words, why) => {
  if (words[0] === 'foo') site.put('kho.toml', '');
  await expect(refresh(...words)).rejects.toThrow(why);
});
