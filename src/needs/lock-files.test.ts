import { expect, test } from 'vitest';
import { neededOn as on, tomlValues as values } from '../../test/support/lock-values.ts';
import { readPdmLock } from './pdm-lock.ts';
import { readPipfileLock } from './pipfile-lock.ts';
import { readPylock } from './pylock-file.ts';
import { readUvLock } from './uv-lock.ts';
import type { NeedsFile } from './wanted.ts';

const HASH = 'c'.repeat(64);

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

const UV = (packages: string, more = '') =>
  values(
    `version = 1
${more}
${packages}
${['a', 'b', 'c', 'd'].map((name) => `[[package]]\nname = "${name}"\nversion = "1"\nsource = { registry = "https://a.vn/simple" }`).join('\n')}`,
  );
const APP = '[[package]]\nname = "app"\nversion = "0"\nsource = { virtual = "." }\n';

test.each<[what: string, file: NeedsFile]>([
  [
    'uv.lock',
    readUvLock(
      UV(
        `${APP}dependencies = [{ name = "f" }, { name = "g" }]\n${['f', 'g'].map((name) => `[[package]]\nname = "${name}"\nversion = "1"\nsource = { registry = "${name === 'f' ? '../wheels' : 'file:///srv/wheels'}" }\nwheels = [{ path = "f.whl" }]\n`).join('')}`,
      ),
      'lock',
    ),
  ],
  [
    'pylock.toml',
    readPylock(
      values(
        `lock-version = "1.0"\n${['path = "wheels/f.whl"', 'url = "file:///srv/f.whl"'].map((where, index) => `[[packages]]\nname = "${'fg'[index]}"\nversion = "1"\nwheels = [{ ${where}, hashes = { sha256 = "${HASH}" } }]\n`).join('')}`,
      ),
      'lock',
    ),
  ],
  [
    'Pipfile.lock',
    readPipfileLock(
      JSON.stringify({
        default: { f: { path: './f', version: '==1' }, g: { file: 'https://a.vn/g.whl', version: '==1' } },
      }),
      'lock',
    ),
  ],
  [
    'pdm.lock',
    readPdmLock(
      values(
        `${['path = "./f"', 'files = [{ file = "g.whl", url = "file:///srv/g.whl", hash = "sha256:x" }]'].map((where, index) => `[[package]]\nname = "${'fg'[index]}"\nversion = "1"\n${where}\n`).join('')}`,
      ),
      'lock',
    ),
  ],
])('what lies in a folder beside %s is from elsewhere, and not absent', (_what, file) => {
  expect(on(file, 'glibc-x86_64')).toMatchObject({ names: [], outside: ['f (lock)', 'g (lock)'] });
});

test('readPipfileLock() reads entries that are only a version, and any version', () => {
  const lock = {
    default: { a: '==1', b: '*', c: { version: '*', markers: "extra == 'x'" }, d: { git: 'x', version: '==1' } },
  };
  expect(on(readPipfileLock(`\ufeff${JSON.stringify(lock)}`, 'Pipfile.lock'), 'musl-x86_64')).toMatchObject({
    names: ['a==1', 'b'],
    outside: ['d (Pipfile.lock)'],
  });
});

const PDM_GRAPH = values(`[metadata]
groups = ["default", "dev"]
strategy = []
[[package]]
name = "a"
version = "1"
dependencies = ["w; sys_platform == 'win32'", "x[fast]==1"]
[[package]]
name = "x"
version = "1"
[[package]]
name = "x"
version = "1"
extras = ["fast"]
dependencies = ["x==1", "y"]
${['w', 'y', 'gui'].map((name) => `[[package]]\nname = "${name}"\nversion = "1"`).join('\n')}`);

test('readPdmLock() walks from what pyproject.toml asks for, where the lock tells only who needs whom', () => {
  const project =
    'project.dependencies = ["a"]\n[project.optional-dependencies]\ngui = ["gui"]\n[tool.pdm.dev-dependencies]\ndev = ["x"]';
  const file = readPdmLock(PDM_GRAPH, 'pdm.lock', values(project));
  expect(on(file, 'musl-x86_64').names).toEqual(['a==1', 'x==1', 'y==1']);
  expect(on(file, 'windows-amd64').names).toEqual(['a==1', 'x==1', 'w==1', 'y==1']);
  for (const other of [undefined, values('tool.pdm.dev-dependencies.dev = ["-e file:///srv/x"]')]) {
    const all = readPdmLock(PDM_GRAPH, 'pdm.lock', other);
    expect(on(all, 'musl-x86_64').names).toHaveLength(5);
    expect(all.notes).toEqual([expect.stringContaining('all that is in it counts')]);
  }
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
