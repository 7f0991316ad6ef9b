/** Servers that take uploads, each as its documentation says to run it, over an empty folder on the same disk. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../test/support/free-port.ts';
import { KHO } from '../../test/support/tools.ts';
import { makeDevpiIndex } from '../serving/python-servers.ts';
import { started } from '../serving/servers.ts';

export interface UploadServer {
  name: string;
  /** @param folder an empty one, for all that it keeps */
  start(folder: string): Promise<TakingServer>;
}

/** One that runs. */
export interface TakingServer {
  url: string;
  pid: number;
  /** Where uploads go, as a path; of each other answer than 200 the bench dies. */
  uploadPath: string;
  /** User and password of an uploader. */
  auth: string;
  /** Of a project, as a path. */
  pageOf(project: string): string;
  stop(): Promise<void>;
}

/** Finds a program by its name. */
type Programs = (name: string) => string;

export const KHO_SERVER: UploadServer = { name: 'kho', start: startKho };

export function peerServers(programs: Programs): UploadServer[] {
  return [
    { name: 'pypiron', start: (folder) => startPypiron(folder, programs) },
    // It answers before its index lists the file; so it says of itself that CI which installs next wants this.
    { name: 'pypiron --wait-on-upload', start: (folder) => startPypiron(folder, programs, '--wait-on-upload') },
    { name: 'pypiserver', start: (folder) => startPypiserver(folder, programs) },
    { name: 'devpi-server', start: (folder) => startDevpi(folder, programs) },
  ];
}

async function startKho(folder: string): Promise<TakingServer> {
  const site = join(folder, 'site');
  mkdirSync(join(site, 'packages'), { recursive: true });
  writeFileSync(join(site, 'kho.toml'), '[upload]\nenabled = true\nmax_file = "4 GiB"\n');
  const rights = 'read,upload,new';
  const words = [KHO, 'token', 'add', 'bench', '--site', site, '--rights', rights];
  const token = /kho_[A-Za-z0-9_-]+/.exec(execFileSync(process.execPath, words, { encoding: 'utf8' }))?.[0];
  if (token === undefined) throw new Error('"kho token add" printed no token');
  const port = await freePort();
  const child = run(process.execPath, [KHO, 'serve', site, '--port', String(port)], folder);
  return taking('kho', child, port, folder, { uploadPath: '/upload/', auth: `__token__:${token}` });
}

async function startPypiron(folder: string, programs: Programs, ...more: string[]): Promise<TakingServer> {
  const port = await freePort();
  const login = ['--uploader-user', 'bench', '--uploader-pass', PASSWORD];
  const words = ['serve', '--data-dir', join(folder, 'data'), '--bind-addr', `127.0.0.1:${port}`, ...login, ...more];
  const child = run(programs('pypiron'), words, folder);
  return taking('pypiron', child, port, folder, { uploadPath: '/legacy/', auth: `bench:${PASSWORD}` });
}

async function startPypiserver(folder: string, programs: Programs): Promise<TakingServer> {
  const packages = join(folder, 'packages');
  mkdirSync(packages);
  const port = await freePort();
  const open = ['--authenticate', '.', '--passwords', '.', '--disable-fallback']; // nobody is asked for a password
  const words = ['run', '--interface', '127.0.0.1', '--port', String(port), ...open, packages];
  const child = run(programs('pypi-server'), words, folder);
  return taking('pypiserver', child, port, folder, { uploadPath: '/', auth: 'bench:bench' });
}

async function startDevpi(folder: string, programs: Programs): Promise<TakingServer> {
  const state = join(folder, 'state');
  const init = ['--serverdir', state, '--no-root-pypi', '--root-passwd', PASSWORD];
  execFileSync(programs('devpi-init'), init, { env: { ...process.env, HOME: folder }, stdio: 'ignore' });
  const port = await freePort();
  const child = run(
    programs('devpi-server'),
    ['--serverdir', state, '--host', '127.0.0.1', '--port', String(port)],
    folder,
  );
  const url = `http://127.0.0.1:${port}`;
  const server = await started('devpi-server', child, url, join(folder, 'gone'), false, '/+api');
  await makeDevpiIndex(url, PASSWORD);
  return {
    ...{ url, pid: server.pid, uploadPath: '/root/bench/', auth: `root:${PASSWORD}`, stop: server.stop },
    pageOf: (project) => `/root/bench/+simple/${project}/`,
  };
}

const PASSWORD = 'of the benchmark';

async function taking(
  name: string,
  child: ChildProcess,
  port: number,
  folder: string,
  how: Pick<TakingServer, 'uploadPath' | 'auth'>,
): Promise<TakingServer> {
  const url = `http://127.0.0.1:${port}`;
  const { pid, stop } = await started(name, child, url, join(folder, 'gone'), false);
  return { url, pid, stop, ...how, pageOf: (project) => `/simple/${project}/` };
}

function run(program: string, words: readonly string[], folder: string): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a');
  return spawn(program, words, { stdio: ['ignore', log, log], env: { ...process.env, HOME: folder } });
}

/** User and system time of a process so far, with all its threads and the programs that it waited for, in milliseconds. Source: proc(5), stat, fields 14 to 17. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * 10; // Linux counts in ticks of 10 ms for everybody.
}

/** The most memory that it has held, in bytes. */
export function peakBytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;
}
