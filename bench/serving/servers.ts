/** The servers that are measured, started over the same published site. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../test/support/free-port.ts';
import { KHO } from '../../test/support/tools.ts';

export interface MeasuredServer {
  name: string;
  url: string;
  /** The process that answers. */
  pid: number;
  /** From its start to the first answer, in milliseconds. */
  readyMs: number;
  stop(): Promise<void>;
}

const NGINX = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/sbin/nginx'].find(existsSync);
const MIME_TYPES = ['/etc/nginx/mime.types', '/usr/local/etc/nginx/mime.types'].find(existsSync);

/** One worker, sendfile, an access log: nginx as it comes, over the same files; or with the configuration that kho prints. */
export async function startNginx(site: string, isKhos = false): Promise<MeasuredServer> {
  if (NGINX === undefined || MIME_TYPES === undefined) throw new Error('nginx is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'kho-bench-nginx-'));
  mkdirSync(join(folder, 'logs'));
  const port = await freePort();
  const printed = () => {
    const words = ['--url', `http://127.0.0.1:${port}`, '--listen', `127.0.0.1:${port}`];
    return execFileSync(process.execPath, [KHO, 'config', 'nginx', site, ...words], { encoding: 'utf8' });
  };
  const plain = `server { listen 127.0.0.1:${port}; root ${site}; add_header Cache-Control no-cache; add_header Vary Accept; }`;
  writeFileSync(
    join(folder, 'nginx.conf'),
    `worker_processes 1;
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid nginx.pid;
events { worker_connections 4096; }
http {
  include ${MIME_TYPES};
  access_log logs/access.log combined;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  etag on;
  ${isKhos ? printed() : plain}
}
`,
  );
  const child = spawn(NGINX, ['-p', folder, '-c', 'nginx.conf', '-e', 'logs/error.log'], { stdio: 'ignore' });
  return started('nginx', child, `http://127.0.0.1:${port}`, folder, true);
}

/** As a user starts it: it watches the site besides. @param page that answers once it is up */
export async function startKho(site: string, page = '/simple/'): Promise<MeasuredServer> {
  const folder = mkdtempSync(join(tmpdir(), 'kho-bench-serve-'));
  const port = await freePort();
  const log = openSync(join(folder, 'access.log'), 'w');
  const child = spawn(process.execPath, [KHO, 'serve', site, '--port', String(port)], {
    stdio: ['ignore', log, 'ignore'],
  });
  return started('kho', child, `http://127.0.0.1:${port}`, folder, false, page);
}

/** @param page that answers once it is up */
export async function started(
  name: string,
  child: ChildProcess,
  url: string,
  folder: string,
  hasWorker: boolean,
  page = '/simple/',
): Promise<MeasuredServer> {
  const began = performance.now();
  const stop = async () => {
    if (child.exitCode === null) {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exited;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (;;) {
    const answer = await fetch(url + page).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) break;
    if (child.exitCode !== null || performance.now() - began > 30_000) {
      await stop();
      throw new Error(`${name} did not start at ${url}`);
    }
    await sleep(2);
  }
  const readyMs = performance.now() - began;
  const pid = hasWorker ? workerOf(child.pid as number) : (child.pid as number);
  return { name, url, pid, readyMs, stop };
}

function workerOf(master: number): number {
  return Number(
    execFileSync('ps', ['-o', 'pid=', '--ppid', String(master)], { encoding: 'utf8' })
      .trim()
      .split('\n')[0],
  );
}

/** User and system time of a process and all its threads so far, in microseconds. Source: proc(5), stat, fields 14 and 15. */
export function cpuUs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000; // Linux counts in ticks of 10 ms for everybody.
}

/** Resident memory, in bytes. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;
}
