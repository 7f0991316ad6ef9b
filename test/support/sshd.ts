/** A real OpenSSH server on the loopback interface, with keys and a configuration of its own: it takes uploads as any server does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { runOrThrow } from './run-program.ts';

/** sshd starts itself again for each connection, and wants its full path for that. */
const PROGRAM = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find(existsSync);

/** Outside CI a machine may do without; in CI the tests then fail. */
export const hasSshd = PROGRAM !== undefined || Boolean(process.env['CI']);

/** Started by root, sshd locks its unprivileged half up in this folder; Debian's service makes it at boot. */
const EMPTY_FOLDER = '/run/sshd';

export interface Sshd {
  port: number;
  /** The user that the tests run as: nobody else may log in. */
  user: string;
  /** Private key of the client; the public one is beside it, with `.pub`. */
  key: string;
  /** Options for ssh, scp, sftp: the key, and none of the user's own settings. */
  options: string[];
  stop(): Promise<void>;
}

/** @param umask what files that come by SFTP are masked with, octal; the server's own unless given */
export async function startSshd({ umask }: { umask?: string } = {}): Promise<Sshd> {
  if (PROGRAM === undefined) throw new Error('sshd is not there: run `node scripts/test.mjs --prepare` first');
  const folder = await mkdtemp(join(tmpdir(), 'kho-sshd-'));
  if (process.getuid?.() === 0) await mkdir(EMPTY_FOLDER, { recursive: true, mode: 0o755 });
  const key = join(folder, 'key');
  for (const path of [key, join(folder, 'host-key')])
    await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', path]);
  const port = await freePort();
  await writeFile(
    join(folder, 'known_hosts'),
    `[127.0.0.1]:${port} ${await readFile(`${folder}/host-key.pub`, 'utf8')}`,
  );
  await writeFile(join(folder, 'sshd_config'), configuration(folder, port, umask));

  const child = spawn(PROGRAM, ['-D', '-f', join(folder, 'sshd_config'), '-E', join(folder, 'log')], {
    stdio: 'ignore',
  });
  try {
    await untilListens(port, child);
  } catch (error) {
    throw new Error(`${error}\n${await readFile(join(folder, 'log'), 'utf8').catch(() => '')}`);
  }
  return {
    port,
    user: userInfo().username,
    key,
    options: clientOptions(folder, key),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** StrictModes would ask who else may write to /tmp; without PAM, an ordinary user can start it as well. */
function configuration(folder: string, port: number, umask: string | undefined): string {
  return `
ListenAddress 127.0.0.1:${port}
HostKey ${folder}/host-key
AuthorizedKeysFile ${folder}/key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
MaxSessions 100
Subsystem sftp internal-sftp${umask === undefined ? '' : ` -u ${umask}`}
`;
}

function clientOptions(folder: string, key: string): string[] {
  const settings = {
    IdentityFile: key,
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    UserKnownHostsFile: join(folder, 'known_hosts'),
    StrictHostKeyChecking: 'yes',
    BatchMode: 'yes',
    LogLevel: 'ERROR',
  };
  return ['-F', 'none', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}

async function untilListens(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 100 && child.exitCode === null; tries++) {
    const socket = connect(port, '127.0.0.1');
    const listens = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (listens) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`sshd did not start on port ${port}`);
}
