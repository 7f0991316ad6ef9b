/** What stands between clients and a far index, each as its documentation says to run it, over an empty folder. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../test/support/free-port.ts';
import { KHO } from '../../test/support/tools.ts';
import { logInToDevpi } from '../serving/python-servers.ts';
import { type MeasuredServer, started } from '../serving/servers.ts';

export interface IndexCache {
  name: string;
  /**
   * @param folder an empty one, for all that it keeps
   * @param upstream address of the far index, `…/simple/`
   * @param project that it has
   */
  start(folder: string, upstream: string, project: string): Promise<MeasuredServer & { index: string }>;
}

/** kho for the machine that it runs on: pages list nothing that it cannot run, and pip reads less. */
const ONLY_RUNNABLE = 'platforms = ["glibc-x86_64"]\nonly_runnable = true\n';

/** @param program finds the Python ones, and pypiron */
export function indexCaches(program: (name: string) => string): IndexCache[] {
  return [
    { name: 'kho', start: (folder, upstream) => startKhoBefore(folder, upstream) },
    {
      name: 'kho, only_runnable',
      start: (folder, upstream) => startKhoBefore(folder, upstream, ONLY_RUNNABLE),
    },
    { name: 'nginx proxy_cache', start: startNginx },
    { name: 'proxpi', start: (...of) => startProxpi(program, ...of) },
    { name: 'devpi-server', start: (folder, upstream) => startDevpi(program, folder, upstream) },
    { name: 'pypiron', start: (folder, upstream) => startPypiron(program, folder, upstream) },
  ];
}

type Started = ReturnType<IndexCache['start']>;

/** @param folder may have packages already, in `site/all/packages` @param more of the repository's settings, in TOML */
export async function startKhoBefore(folder: string, upstream: string, more = ''): Started {
  const site = join(folder, 'site');
  mkdirSync(join(site, 'all/packages'), { recursive: true });
  const toml = `[upstreams.far]\nurl = "${upstream}"\n[repositories.all]\nupstreams = ["far"]\n${more}`;
  writeFileSync(join(site, 'kho.toml'), toml);
  const port = await freePort();
  const child = run(process.execPath, [KHO, 'serve', site, '--port', String(port)], folder);
  return at('kho', child, port, folder, '/all/simple/', '/healthz');
}

function startNginx(folder: string, upstream: string): Started {
  const http = `proxy_cache_path ${folder}/cache keys_zone=far:10m max_size=10g inactive=30d use_temp_path=off;`;
  return startNginxWith(
    folder,
    '/simple/pip/',
    http,
    `location / {
      proxy_pass ${new URL(upstream).origin};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache far;
      proxy_cache_key $uri$http_accept;
      proxy_cache_valid 200 30d;
      proxy_cache_lock on;
      proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;
    }`,
  );
}

/** Over a copy of what a client gets: nothing answers with less work. @param folder with `copy/simple` and `copy/files` */
export function startStillCopy(folder: string, project: string): Started {
  const page = 'location /simple/ { types {} default_type application/vnd.pypi.simple.v1+json; index index.json; }';
  return startNginxWith(folder, `/simple/${project}/`, 'sendfile on;', `root ${folder}/copy; ${page}`);
}

async function startNginxWith(folder: string, page: string, http: string, server: string): Started {
  const program = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/sbin/nginx'].find(existsSync);
  if (program === undefined) throw new Error('nginx is not installed');
  const port = await freePort();
  mkdirSync(join(folder, 'logs'));
  writeFileSync(
    join(folder, 'nginx.conf'),
    `worker_processes 1;
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  ${http}
  server {
    listen 127.0.0.1:${port};
    ${server}
  }
}
`,
  );
  const child = spawn(program, ['-p', folder, '-c', 'nginx.conf', '-e', 'logs/error.log'], { stdio: 'ignore' });
  return at('nginx', child, port, folder, '/simple/', page);
}

async function startProxpi(
  program: (name: string) => string,
  folder: string,
  upstream: string,
  project: string,
): Started {
  const port = await freePort();
  const env = { PROXPI_INDEX_URL: upstream, PROXPI_CACHE_DIR: join(folder, 'cache'), PROXPI_INDEX_TTL: '1800' };
  const words = ['--threads', '4', '--bind', `127.0.0.1:${port}`, 'proxpi.server:app'];
  return at('proxpi', run(program('gunicorn'), words, folder, env), port, folder, '/index/', `/index/${project}/`);
}

/** Without its week of waiting for new releases, and what it would ask other servers for at its start. */
async function startPypiron(program: (name: string) => string, folder: string, upstream: string): Started {
  const port = await freePort();
  const far = ['--proxy-upstream', new URL(upstream).origin, '--allow-insecure-upstream'];
  const off = ['--exclude-newer', '', '--advisory-feed', ''];
  const words = ['serve', '--data-dir', join(folder, 'data'), '--bind-addr', `127.0.0.1:${port}`, ...far, ...off];
  return at('pypiron', run(program('pypiron'), words, folder), port, folder, '/simple/', '/simple/');
}

const PASSWORD = 'of the benchmark';

async function startDevpi(program: (name: string) => string, folder: string, upstream: string): Started {
  const state = ['--serverdir', join(folder, 'state')];
  const init = [...state, '--no-root-pypi', '--root-passwd', PASSWORD];
  execFileSync(program('devpi-init'), init, { env: { ...process.env, HOME: folder }, stdio: 'ignore' });
  const port = await freePort();
  const words = [...state, '--host', '127.0.0.1', '--port', String(port)];
  const running = await at(
    'devpi',
    run(program('devpi-server'), words, folder),
    port,
    folder,
    '/root/far/+simple/',
    '/+api',
  );
  const { json, auth } = await logInToDevpi(running.url, PASSWORD);
  const mirror = { type: 'mirror', mirror_url: upstream, mirror_no_project_list: true, volatile: false };
  const made = await fetch(`${running.url}/root/far`, {
    ...{ method: 'PUT', headers: { ...json, ...auth } },
    body: JSON.stringify(mirror),
  });
  if (!made.ok) throw new Error(`devpi made no mirror: ${await made.text()}`);
  return running;
}

async function at(
  name: string,
  child: ChildProcess,
  port: number,
  folder: string,
  index: string,
  page: string,
): Started {
  const url = `http://127.0.0.1:${port}`;
  return { ...(await started(name, child, url, join(folder, 'gone'), false, page)), index: url + index };
}

function run(
  program: string,
  words: readonly string[],
  folder: string,
  env: Record<string, string> = {},
): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a');
  return spawn(program, words, { stdio: ['ignore', log, log], env: { ...process.env, HOME: folder, ...env } });
}
