import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { bundleWeb } from '../../src/pages/bundle-web.ts';
import { TestSite } from '../support/site.ts';

const ROOT = join(import.meta.dirname, '../..');
const VERSION: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;

/** All of kho in one file, made once: starting it takes a fifth of the time that starting it from source does. */
let folder: string;
let main: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kho-process-'));
  main = join(folder, 'main.mjs');
  await build({
    ...{ entryPoints: [join(ROOT, 'src/cli/main.ts')], outfile: main, logLevel: 'error' },
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20' },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    define: { KHO_VERSION: JSON.stringify(VERSION), KHO_WEB: JSON.stringify(JSON.stringify(await bundleWeb())) },
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** kho as a process of its own. */
function kho(line: string, cwd = ROOT) {
  const script = `set -o pipefail; umask 077; kho() { '${process.execPath}' '${main}' "$@"; }; ${line}`;
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], { cwd, encoding: 'utf8' });
  return { stdout, stderr, status };
}

function makeSite(): TestSite {
  const site = new TestSite();
  onTestFinished(() => site.close());
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  return site;
}

test('kho --version prints the version of package.json', () => {
  expect(kho('kho --version')).toEqual({ stdout: `${VERSION}\n`, stderr: '', status: 0 });
});

test('kho leaves pages that everybody can read, whatever the umask, and exits with 0', () => {
  const site = makeSite();
  expect(kho('kho build', join(site.root, 'glibc/packages'))).toMatchObject({ status: 0 });
  expect(statSync(join(site.root, 'glibc/simple')).mode & 0o777).toBe(0o755);
  expect(statSync(join(site.root, 'glibc/simple/index.html')).mode & 0o777).toBe(0o644);
});

test('kho shows an error on stderr and exits with 2', () => {
  const { stdout, stderr, status } = kho('kho bulid');
  expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
  expect(stderr).toBe("kho: Cannot run this: unknown command 'bulid' [USAGE]\n\nhint: did you mean build?\n");
});

test('kho is quiet when its reader has seen enough', () => {
  const site = makeSite();
  for (let index = 0; index < 300; index++)
    site.wheel('glibc', { name: `project-${index}-${'x'.repeat(200)}`, version: '1' });
  const { stdout, stderr, status } = kho('kho list | head -1', site.root);
  expect(stdout).toMatch(/^glibc {2}301 projects, 301 files, .*\n$/);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
});

test('kho says when it could not write what was asked for', () => {
  const { stderr, status } = kho('kho list > /dev/full', makeSite().root);
  expect(stderr).toMatch(/^kho: Cannot write to stdout \[WRITE\]\n {2}because: ENOSPC/);
  expect(status).toBe(2);
});

test('kho calls what it did not foresee a bug, shows where it happened, and exits with 70', () => {
  const broken = 'process.stdout.write = () => { throw new TypeError("out of order") }';
  const { stderr, status } = kho(
    `export NODE_OPTIONS='--import "data:text/javascript,${encodeURIComponent(broken)}"'; kho list`,
    makeSite().root,
  );
  expect(stderr).toMatch(/^kho: internal error, please report it\nTypeError: out of order\n +at /);
  expect(status).toBe(70);
});
