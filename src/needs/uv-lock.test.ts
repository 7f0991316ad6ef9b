import { expect, test } from 'vitest';
import { neededOn as on, tomlValues as values } from '../../test/support/lock-values.ts';
import type { Values } from './lock-values.ts';
import { readUvLock } from './uv-lock.ts';

const HASH = 'c'.repeat(64);

test('readUvLock() walks from the projects of the workspace', () => {
  const file = readUvLock(
    values(`version = 1
[[package]]
name = "app"
version = "0"
source = { virtual = "." }
dependencies = [{ name = "a", extra = ["fast"] }, { name = "w", marker = "sys_platform == 'win32'" }]
[package.optional-dependencies]
gui = [{ name = "unused" }]
[package.dev-dependencies]
dev = [{ name = "t" }]
docs = [{ name = "unused" }]
[[package]]
name = "a"
version = "1"
source = { registry = "https://a.vn/simple" }
dependencies = [{ name = "n", version = "1", marker = "python_full_version < '3.9'" }, { name = "n", version = "2", marker = "python_full_version >= '3.9'" }]
wheels = [{ url = "https://a.vn/a.whl", hash = "sha256:${HASH}" }]
[package.optional-dependencies]
fast = [{ name = "f" }]
${['f', 't', 'w', 'unused'].map((name) => `[[package]]\nname = "${name}"\nversion = "1"\nsource = { registry = "https://a.vn/simple" }`).join('\n')}
[[package]]
name = "n"
version = "1"
source = { registry = "https://a.vn/simple" }
[[package]]
name = "n"
version = "2"
source = { git = "https://a.vn/n.git" }`),
    'uv.lock',
  );
  expect(on(file, 'musl-x86_64')).toMatchObject({ names: ['a==1', 'f==1', 't==1'], outside: ['n (uv.lock)'] });
  expect(on(file, 'windows-amd64').names).toContain('w==1');
});

const UV = (packages: string, more = '') =>
  values(
    `version = 1
${more}
${packages}
${['a', 'b', 'c', 'd'].map((name) => `[[package]]\nname = "${name}"\nversion = "1"\nsource = { registry = "https://a.vn/simple" }`).join('\n')}`,
  );
const APP = '[[package]]\nname = "app"\nversion = "0"\nsource = { virtual = "." }\n';
const FORK = ['1', '2'].map(
  (version) => `[[package]]\nname = "fork"\nversion = "${version}"\nsource = { registry = "https://a.vn/simple" }\n`,
);

test.each<[what: string, lock: Values, linux: string[], project?: string]>([
  [
    'one version from two indexes',
    UV(`${APP}dependencies = [
      { name = "torch", version = "2", source = { registry = "https://cpu.vn/simple" }, marker = "sys_platform == 'linux'" },
      { name = "torch", version = "2", source = { registry = "https://a.vn/simple" }, marker = "sys_platform != 'linux'" }]
[[package]]
name = "torch"
version = "2"
source = { registry = "https://cpu.vn/simple" }
dependencies = [{ name = "a" }]
[[package]]
name = "torch"
version = "2"
source = { registry = "https://a.vn/simple" }
dependencies = [{ name = "b" }]`),
    ['a==1', 'torch==2'],
  ],
  [
    'groups that exclude each other: the default one is on',
    UV(`${APP}dependencies = [{ name = "fork", version = "1", marker = "extra == 'group-3-app-dev'" }, { name = "fork", version = "2", marker = "extra != 'group-3-app-dev'" }]
[package.dev-dependencies]
dev = [{ name = "a" }]
docs = [{ name = "b" }]
${FORK.join('')}`),
    ['a==1', 'fork==1'],
  ],
  [
    'extras that exclude each other: what is reached is on, and the project',
    UV(`${APP}dependencies = [{ name = "lib", extra = ["cpu"], marker = "extra == 'extra-3-lib-cpu'" }, { name = "d", marker = "extra == 'project-3-app'" }]
[[package]]
name = "lib"
version = "0"
source = { editable = "lib" }
dependencies = [{ name = "fork", version = "1", marker = "extra == 'extra-3-lib-gpu'" }, { name = "fork", version = "2", marker = "extra == 'extra-3-lib-cpu' or extra != 'extra-3-lib-gpu'" }]
[package.optional-dependencies]
cpu = [{ name = "c" }]
${FORK.join('')}`),
    ['c==1', 'd==1', 'fork==2'],
  ],
  [
    'members of a workspace, and not what is only a path: of that no groups',
    UV(
      `[[package]]
name = "one"
version = "0"
source = { editable = "packages/one" }
dependencies = [{ name = "beside" }]
[[package]]
name = "two"
version = "0"
source = { virtual = "packages/two" }
dependencies = [{ name = "a" }]
[[package]]
name = "beside"
version = "0"
source = { editable = "../beside" }
dependencies = [{ name = "b" }]
[package.dev-dependencies]
dev = [{ name = "c" }]
[[package]]
name = "nobodys"
version = "0"
source = { editable = "../nobodys" }
dependencies = [{ name = "d" }]`,
      '[manifest]\nmembers = ["one", "two"]',
    ),
    ['a==1', 'b==1'],
  ],
  [
    'a script, and its forks',
    UV(
      ['linux', 'win32']
        .map((system, index) =>
          FORK[index]!.replace('\nsource', `\nresolution-markers = ["sys_platform == '${system}'"]\nsource`),
        )
        .join(''),
      '[manifest]\nrequirements = [{ name = "a", specifier = ">=1" }, { name = "fork" }, { name = "b", marker = "sys_platform == \'win32\'" }]',
    ),
    ['a==1', 'fork==1'],
  ],
  [
    'groups of a workspace without a project of its own',
    UV('', '[manifest]\nmembers = []\n[manifest.dependency-groups]\ndev = [{ name = "a" }]\ndocs = [{ name = "b" }]'),
    ['a==1'],
  ],
  [
    'the default groups of pyproject.toml',
    UV(`${APP}[package.dev-dependencies]\ndev = [{ name = "a" }]\ndocs = [{ name = "b" }]`),
    ['b==1'],
    'tool.uv.default-groups = ["docs"]',
  ],
  [
    'all groups',
    UV(`${APP}[package.dev-dependencies]\ndev = [{ name = "a" }]\ndocs = [{ name = "b" }]`),
    ['a==1', 'b==1'],
    'tool.uv.default-groups = "all"',
  ],
  [
    'an extra that a marker asks for',
    UV(`${APP}dependencies = [{ name = "a", marker = "extra == 'x'" }, { name = "b", marker = "extra != 'x'" }]`),
    ['b==1'],
  ],
])('readUvLock() reads %s', (_what, lock, linux, project) => {
  const file = readUvLock(lock, 'uv.lock', project === undefined ? undefined : values(project));
  expect(on(file, 'glibc-x86_64').names.sort()).toEqual(linux);
});
