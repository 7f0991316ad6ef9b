import { expect, test } from 'vitest';
import { neededOn as on, tomlValues as values } from '../../test/support/lock-values.ts';
import { readPoetryLock } from './poetry-lock.ts';

const HASH = 'c'.repeat(64);

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
markers = 'extra == "gui" or sys_platform == "darwin" and extra == "mac"'
[[package]]
name = "without"
version = "1"
optional = true
groups = ["main"]
markers = 'extra != "gui"'
[[package]]
name = "anywhere"
version = "1"
optional = false
groups = ["main", "dev"]
markers = { dev = "sys_platform == 'win32'" }
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
    names: ['a==1', 'without==1', 'anywhere==1'],
    outside: ['g (poetry.lock)'],
    wanted: [{ sha256s: new Set([HASH]) }, {}, {}],
  });
  expect(on(file, 'windows-amd64').names).toEqual(['a==1', 'w==1', 'without==1', 'anywhere==1']);
  expect(file.notes).toEqual([]);
});

const OLDER_POETRY = values(`[[package]]
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
[[package]]
name = "ring-a"
version = "1"
dependencies = { ring-b = "*" }
[[package]]
name = "ring-b"
version = "1"
dependencies = { Ring_A = "*", root = "^1.0" }
[[package]]
name = "fork"
version = "1.5"
[[package]]
name = "fork"
version = "2.5"
[[package]]
name = "optional"
version = "1"
optional = true
${['colorama', 'speedy', 'idna'].map((name) => `[[package]]\nname = "${name}"\nversion = "1"`).join('\n')}`);

test.each<[what: string, project: string, linux: string[]]>([
  ['its dependencies', '[tool.poetry.dependencies]\npython = "^3.8"\nroot = "^1"', ['root', 'user', 'idna']],
  [
    'a direct one that another wants on Windows only',
    'tool.poetry.dependencies = { root = "*", colorama = "*" }',
    ['root', 'user', 'colorama', 'idna'],
  ],
  [
    'a ring',
    'tool.poetry.group.docs = { optional = true, dependencies = { ring-a = "*" } }',
    ['root', 'user', 'ring-a', 'ring-b', 'idna'],
  ],
  ['groups of old', 'tool.poetry.dev-dependencies.idna = "*"', ['idna']],
  [
    'extras',
    'tool.poetry.dependencies = { root = { version = "*", extras = ["Fast"] }, optional = { version = "*", optional = true } }',
    ['root', 'user', 'speedy', 'idna'],
  ],
  [
    'versions for some Pythons',
    'tool.poetry.dependencies.fork = [{ version = "<2", python = "<3.9" }, { version = "^2.0", python = "^3.9" }]',
    ['fork==2.5'],
  ],
  [
    'the highest version that all take',
    'tool.poetry.dependencies.fork = "*"\n[tool.poetry.group.dev.dependencies]\nfork = "~1.5"',
    ['fork==1.5'],
  ],
  [
    'platforms',
    'tool.poetry.dependencies = { idna = { version = "1", platform = "win32" }, root = { version = "1", markers = "sys_platform == \'linux\'" } }',
    ['root', 'user', 'idna'],
  ],
  [
    'the standard table',
    'project.dependencies = ["user", "speedy; os_name == \'nt\'"]\n[dependency-groups]\ndev = ["colorama"]',
    ['user', 'colorama'],
  ],
])(
  'readPoetryLock() begins with what pyproject.toml asks for, where it was written by an older one: %s',
  (_what, project, linux) => {
    const file = readPoetryLock(OLDER_POETRY, 'poetry.lock', values(project));
    const names = on(file, 'musl-x86_64').names.map((name) => name.replace(/==1$/, ''));
    expect(names.sort()).toEqual(linux.sort());
    expect(file.notes).toEqual([]);
  },
);

test('readPoetryLock() takes all that is not optional of an older one without pyproject.toml, and says so', () => {
  const file = readPoetryLock(OLDER_POETRY, 'poetry.lock');
  const { names } = on(file, 'musl-x86_64');
  expect(names).toHaveLength(9);
  expect(names).not.toContain('optional==1');
  expect(file.notes).toEqual([expect.stringContaining('poetry.lock is of a Poetry before 2.0')]);
});
