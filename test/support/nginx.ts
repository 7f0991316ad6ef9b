/** A real nginx over a folder, as a newcomer would set it up: `root`, the MIME types it ships, nothing else. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const PROGRAM = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx'].find(existsSync);

/** Outside CI a machine may do without; in CI the tests then fail. */
export const hasNginx = PROGRAM !== undefined || Boolean(process.env['CI']);

export interface NginxLogLine {
  method: string;
  path: string;
  status: number;
  /** As sent; empty when absent. */
  accept: string;
  acceptEncoding: string;
  cacheControl: string;
  range: string;
  userAgent: string;
}

export interface Nginx {
  /** Without a slash at its end. */
  url: string;
  /** What was asked since the last call. */
  takeLog(): Promise<NginxLogLine[]>;
  stop(): Promise<void>;
}

const LOG_FORMAT =
  '$request_method\\t$request_uri\\t$status\\t$http_accept\\t$http_accept_encoding\\t$http_cache_control\\t$http_range\\t$http_user_agent';

/** Where nginx keeps the list of types that its own configuration includes. */
const MIME_TYPES = ['/etc/nginx/mime.types', '/usr/local/etc/nginx/mime.types'];

interface NginxTestOptions {
  /** More lines for the `server` block. */
  server?: string;
  /** More lines for the `http` block. */
  http?: string;
  /** Run as somebody else, where root starts it. */
  user?: { uid: number; gid: number };
}

/**
 * Start nginx over `root` on a free port of the loopback interface. Started by root, its worker is somebody else,
 * as on any server: `root` and what is in it must be readable by others.
 */
export async function startNginx(root: string, options: NginxTestOptions = {}): Promise<Nginx> {
  if (PROGRAM === undefined) throw new Error('nginx is not there: run `node scripts/test.mjs --prepare` first');
  const prefix = await mkdtemp(join(tmpdir(), 'kho-nginx-'));
  await mkdir(join(prefix, 'logs'));
  await chmod(prefix, 0o755);
  const port = await freePort();
  const config = join(prefix, 'nginx.conf');
  await writeFile(config, configuration(root, port, options));

  const { user } = options;
  if (user) for (const folder of [prefix, join(prefix, 'logs')]) await chown(folder, user.uid, user.gid);
  const words = ['-p', prefix, '-c', config, '-e', 'logs/error.log'];
  const child = spawn(PROGRAM, words, { stdio: 'ignore', ...user });
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilAnswers(url, child);
  } catch (error) {
    throw new Error(`${error}\n${await readFile(join(prefix, 'logs/error.log'), 'utf8')}`);
  }

  const access = join(prefix, 'logs', 'access.log');
  let seen = (await readFile(access, 'utf8')).length;
  return {
    url,
    async takeLog() {
      const text = await readFile(access, 'utf8');
      const lines = text.slice(seen).split('\n').filter(Boolean);
      seen = text.length;
      return lines.map(parseLogLine);
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(prefix, { recursive: true });
    },
  };
}

function configuration(root: string, port: number, { server = '', http = '' }: NginxTestOptions): string {
  return `
daemon off;
pid nginx.pid;
events {}
http {
  include ${MIME_TYPES.find(existsSync) ?? 'mime.types'};
  log_format requests '${LOG_FORMAT}';
  access_log logs/access.log requests;
  client_body_temp_path tmp;
  proxy_temp_path tmp;
  fastcgi_temp_path tmp;
  uwsgi_temp_path tmp;
  scgi_temp_path tmp;
  ${http}
  server {
    listen 127.0.0.1:${port};
    root ${root};
    ${server}
  }
}
`;
}

function parseLogLine(line: string): NginxLogLine {
  const [method = '', path = '', status = '', ...headers] = line.split('\t').map((part) => (part === '-' ? '' : part));
  const [accept = '', acceptEncoding = '', cacheControl = '', range = '', userAgent = ''] = headers;
  return { method, path, status: Number(status), accept, acceptEncoding, cacheControl, range, userAgent };
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) break;
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`nginx did not start at ${url}`);
}
