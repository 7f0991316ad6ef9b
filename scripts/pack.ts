/**
 * `npm run pack`: both forms in which kho is installed, into dist/. Bundles first.
 *
 * - kho-VERSION.tgz for npm: one file and no dependencies.
 * - kho-VERSION-py3-none-any.whl for pip, pipx and uv: the same file, and Node.js as a dependency.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeKhoWheel, wheelName } from './make-wheel.ts';
import './bundle.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const dist = join(project, 'dist');
const read = (path: string) => readFileSync(join(project, path), 'utf8');
const { version, description } = JSON.parse(read('package.json')) as { version: string; description: string };

for (const name of readdirSync(dist)) if (/\.(?:tgz|whl)$/.test(name)) rmSync(join(dist, name));
execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', dist], { cwd: project });

const wheel = makeKhoWheel({
  version,
  summary: description,
  readme: existsSync(join(project, 'README.md')) ? read('README.md') : description,
  license: read('LICENSE'),
  files: {
    '__init__.py': read('scripts/python/__init__.py'),
    '__main__.py': read('scripts/python/__main__.py'),
    'on.cjs': read('scripts/python/on.cjs'),
    'kho.cjs': readFileSync(join(dist, 'kho.js')),
  },
});
writeFileSync(join(dist, wheelName(version)), wheel);
console.log(
  readdirSync(dist)
    .filter((name) => /\.(?:tgz|whl)$/.test(name))
    .map((name) => `dist/${name}`)
    .join('\n'),
);
