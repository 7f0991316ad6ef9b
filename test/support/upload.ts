/** The programs that people upload with, aimed at a server of sshd.ts. Local files in, a folder of the server to put them in. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { runOrThrow } from './run-program.ts';
import type { Sshd } from './sshd.ts';

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

export const run = ([program, ...args]: Command) => runOrThrow(program, args);

const sshPort = ({ port }: Sshd) => ['-P', String(port)];

const remote = ({ user }: Sshd, folder: string) => `${user}@127.0.0.1:${folder}/`;

/** Without more options it speaks SFTP; `-O` is the protocol of before OpenSSH 9, `-l` a limit in kbit/s. */
export function scp(sshd: Sshd, files: string[], folder: string, ...options: string[]): Command {
  return ['scp', '-q', ...options, ...sshd.options, ...sshPort(sshd), ...files, remote(sshd, folder)];
}

/** @param batch lines as a person would type them */
export function sftp(sshd: Sshd, batch: string[], ...options: string[]): Command {
  const words = [
    'sftp',
    '-q',
    '-b',
    '/dev/stdin',
    ...options,
    ...sshd.options,
    ...sshPort(sshd),
    `${sshd.user}@127.0.0.1`,
  ];
  return ['sh', '-c', 'printf "%s\\n" "$0" | "$@"', batch.join('\n'), ...words];
}

/** @param from files, or one folder with a slash at its end */
export function rsync(sshd: Sshd, from: string[], folder: string, ...options: string[]): Command {
  const ssh = ['ssh', '-p', String(sshd.port), ...sshd.options].join(' ');
  return ['rsync', ...options, '-e', ssh, ...from, remote(sshd, folder)];
}

/** @param commands lftp's own, run in the server's root folder */
export function lftp(sshd: Sshd, commands: string[]): Command {
  const settings = [
    'set cmd:fail-exit yes',
    'set net:max-retries 1',
    `set sftp:connect-program "ssh -a -x ${sshd.options.join(' ')}"`,
    `open -u ${sshd.user},none -p ${sshd.port} sftp://127.0.0.1/`,
  ];
  return ['lftp', '--norc', '-c', [...settings, ...commands].join('; ')];
}

export function curl(sshd: Sshd, files: string[], folder: string, ...options: string[]): Command {
  const key = ['--key', sshd.key, '--pubkey', `${sshd.key}.pub`, '--insecure', '--user', `${sshd.user}:`];
  const names = files.length === 1 ? files[0]! : `{${files.join(',')}}`;
  return ['curl', '-sS', ...options, ...key, '-T', names, `sftp://127.0.0.1:${sshd.port}${folder}/`];
}

/** An upload on its way, in a process group of its own. */
export class RunningUpload {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #command: Command;
  #output = '';

  constructor(command: Command) {
    const [program, ...args] = command;
    this.#command = command;
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#ended = once(this.#child, 'exit');
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
  }

  /** The link is silent for a while, and goes on. */
  async pause(ms: number): Promise<void> {
    this.#signal('SIGSTOP');
    await sleep(ms);
    this.#signal('SIGCONT');
  }

  /** As when a machine loses its power. */
  async kill(): Promise<void> {
    this.#signal('SIGKILL');
    await this.#ended;
    if (this.#child.signalCode === null) throw this.#error('ended before it could be killed');
  }

  async end(): Promise<void> {
    await this.#ended;
    if (this.#child.exitCode !== 0) throw this.#error(`exited with ${this.#child.exitCode}`);
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.exitCode === null && this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
  }

  #error(what: string): Error {
    return new Error(`${this.#command.join(' ')}\n${what}\n${this.#output}`);
  }
}
