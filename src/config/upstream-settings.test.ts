import { expect, test } from 'vitest';
import { joinRepositories } from './join-repositories.ts';
import { loadSettings } from './load-settings.ts';

/** Messages of all faults, with the repositories `a` and those given on disk. */
function faultsOf(toml: string, onDisk: string[] = ['a']): string[] {
  const settings = loadSettings(Buffer.from(toml));
  const found = onDisk.map((name) => ({ name, folder: `/disk/${name}`, packages: `/disk/${name}/packages` }));
  return [...settings.faults, ...joinRepositories('/srv', found, settings).faults].map(({ message }) => message);
}

test.each([
  ['a name that leads elsewhere', '[upstreams."../x"]', 'An upstream cannot be called "../x": a name is of letters'],
  ['a name that is taken', '[upstreams.Packages]', 'are taken by kho'],
  ['two names that are one', '[upstreams.a]\n[upstreams.A]', 'are one folder where a disk ignores case'],
  [
    'an upstream that is not there',
    '[upstreams.public]\n[repositories.a]\nupstreams = ["pubic"]',
    'did you mean "public"',
  ],
  ['a time that is none', '[upstreams.a]\nfresh = "soon"', 'upstreams.a.fresh must be a time like'],
  ['an address that is none', '[upstreams.a]\nurl = "index.example"', 'must be an address that starts with https://'],
  ['a host with a scheme', '[upstreams.a]\nfile_hosts = ["https://x/"]', 'which must be a host like "files.example"'],
  ['versions that are none', '[upstreams.a]\ndeny = ["foo @ https://x/"]', 'must be a name with versions'],
  ['a size that is none', '[cache]\nmax = "much"', 'cache.max must be a size'],
])('loadSettings() refuses %s', (_what, toml, fault) => {
  expect(faultsOf(toml)).toEqual([expect.stringContaining(fault)]);
});

test('a repository called "upstream" stays, as long as there are no upstreams', () => {
  expect(faultsOf('', ['a', 'upstream'])).toEqual([]);
  expect(faultsOf('[upstreams.x]', ['a', 'Upstream'])).toEqual([
    'There are upstreams, so no repository can be called "Upstream"',
  ]);
});

test('joinRepositories() gives a repository its upstreams, each once, in their order', () => {
  const settings = loadSettings(
    Buffer.from('[upstreams.x]\n[upstreams.y]\n[repositories.a]\nupstreams = ["y", "x", "y"]\nonly_runnable = true'),
  );
  const found = ['a', 'b'].map((name) => ({ name, folder: `/disk/${name}`, packages: `/disk/${name}/packages` }));
  const { repositories } = joinRepositories('/srv', found, settings);
  expect(repositories.map(({ upstreams, onlyRunnable }) => [upstreams, onlyRunnable])).toEqual([
    [['y', 'x'], true],
    [undefined, undefined],
  ]);
});
