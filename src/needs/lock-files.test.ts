import { expect, test } from 'vitest';
import { readToml } from '../config/read-toml.ts';
import { markerEnvironments } from '../standards/platforms/marker-environment.ts';
import { parseTargetPython } from '../standards/platforms/target-machine.ts';
import { plainToml, tableOf } from './lock-values.ts';
import { readPdmLock } from './pdm-lock.ts';
import { readPipfileLock } from './pipfile-lock.ts';
import { readPoetryLock } from './poetry-lock.ts';
import { readPylock } from './pylock-file.ts';
import { readUvLock } from './uv-lock.ts';
import type { NeedsFile } from './wanted.ts';

const values = (toml: string) => tableOf(plainToml(readToml(toml)));
const HASH = 'c'.repeat(64);
const on = (file: NeedsFile, platform: string) => {
  const needs = file.needsOf(markerEnvironments({ platform, python: parseTargetPython('3.11') }));
  return { ...needs, names: needs.wanted.map(({ name, specifiers }) => `${name}${specifiers}`) };
};

test('readPylock() takes the default groups, and markers', () => {
  const file = readPylock(
    values(`lock-version = "1.0"
default-groups = ["dev"]
[[packages]]
name = "A"
version = "1"
wheels = [{ url = "https://a.vn/a.whl", hashes = { sha256 = "${HASH}" } }]
[[packages]]
name = "b"
version = "2"
marker = "'dev' in dependency_groups and 'x' not in extras"
[[packages]]
name = "c"
version = "3"
marker = "'x' in extras or sys_platform == 'win32'"
[[packages]]
name = "d"
directory = { path = "." }`),
    'pylock.toml',
  );
  expect(on(file, 'musl-x86_64').names).toEqual(['a==1', 'b==2']);
  expect(on(file, 'windows-amd64').names).toEqual(['a==1', 'b==2', 'c==3']);
  expect(on(file, 'musl-x86_64')).toMatchObject({
    outside: ['d (pylock.toml)'],
    wanted: [{ sha256s: new Set([HASH]) }, {}],
  });
  expect(() => readPylock(values('lock-version = "2.0"'), 'pylock.toml')).toThrow('kho knows 1.0');
});

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
${['f', 't', 'w', 'unused'].map((name) => `[[package]]\nname = "${name}"\nversion = "1"\nsource = { registry = "r" }`).join('\n')}
[[package]]
name = "n"
version = "1"
source = { registry = "r" }
[[package]]
name = "n"
version = "2"
source = { git = "https://a.vn/n.git" }`),
    'uv.lock',
  );
  expect(on(file, 'musl-x86_64')).toMatchObject({ names: ['a==1', 'f==1', 't==1'], outside: ['n (uv.lock)'] });
  expect(on(file, 'windows-amd64').names).toContain('w==1');
});

test('readPoetryLock() reads what Poetry 2 writes', () => {
  const file = readPoetryLock(
    values(`[[package]]
name = "a"
version = "1"
optional = false
groups = ["main"]
files = [{ file = "a.whl", hash = "sha256:${HASH}" }]
[[package]]
name = "w"
version = "1"
optional = false
groups = ["main", "dev"]
markers = { main = "sys_platform == 'win32'", dev = "python_version < '3'" }
[[package]]
name = "o"
version = "1"
optional = true
groups = ["main"]
[[package]]
name = "g"
version = "1"
optional = false
groups = ["dev"]
[package.source]
type = "git"`),
    'poetry.lock',
  );
  expect(on(file, 'musl-x86_64')).toMatchObject({
    names: ['a==1'],
    outside: ['g (poetry.lock)'],
    wanted: [{ sha256s: new Set([HASH]) }],
  });
  expect(on(file, 'windows-amd64').names).toEqual(['a==1', 'w==1']);
});

test('readPoetryLock() walks through what older ones wrote', () => {
  const file = readPoetryLock(
    values(`[[package]]
name = "root"
version = "1"
[package.dependencies]
colorama = { version = "*", markers = "sys_platform == 'win32'" }
speedy = { version = ">=1", optional = true }
user = { version = "*", extras = ["more"] }
[package.extras]
fast = ["speedy (>=1)"]
[[package]]
name = "user"
version = "1"
[package.dependencies]
idna = { version = ">=1", optional = true }
[package.extras]
more = ["idna (>=1)"]
${['colorama', 'speedy', 'idna'].map((name) => `[[package]]\nname = "${name}"\nversion = "1"`).join('\n')}`),
    'poetry.lock',
  );
  expect(on(file, 'musl-x86_64').names).toEqual(['root==1', 'user==1', 'idna==1']);
  expect(on(file, 'windows-amd64').names).toContain('colorama==1');
});

test('readPdmLock() and readPipfileLock() read flat lists', () => {
  const pdm = values(`[[package]]
name = "a"
version = "1"
[[package]]
name = "a"
version = "1"
extras = ["x"]
[[package]]
name = "w"
version = "1"
marker = "sys_platform == 'win32'"
[[package]]
name = "l"
version = "1"
path = "./l"`);
  expect(on(readPdmLock(pdm, 'pdm.lock'), 'musl-x86_64')).toMatchObject({ names: ['a==1'], outside: ['l (pdm.lock)'] });
  const pipfile = JSON.stringify({
    default: {
      A: { version: '==1', hashes: [`sha256:${HASH}`] },
      w: { version: '==1', markers: "sys_platform == 'win32'" },
      v: { git: 'x' },
    },
    develop: { t: { version: '==1' } },
  });
  expect(on(readPipfileLock(pipfile, 'Pipfile.lock'), 'musl-x86_64')).toMatchObject({
    names: ['a==1'],
    outside: ['v (Pipfile.lock)'],
  });
  expect(() => readPipfileLock('[', 'Pipfile.lock')).toThrow('not JSON');
});
