import { once } from 'node:events';
import { chmod, lstat, rm, stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { KhoError } from '../errors.ts';

export type ListenAddress =
  /** Port 0 takes one that is free. */
  | { host: string; port: number }
  /** A file that is made, and removed at the end. Who may open it decides who may ask. */
  | { socketPath: string }
  /** The one socket that systemd has opened (LISTEN_FDS). */
  | 'systemd';

/** Connections that the kernel keeps until kho takes them: those that it has no room for try again after a second. Linux allows 4096. */
const BACKLOG = 4096;

/** The first descriptor that systemd passes on: sd_listen_fds(3). */
const FIRST_PASSED = 3;

/** @returns where it listens, in words: a URL, or the path of the socket. @throws {KhoError} LISTEN */
export async function listen(server: Server, address: ListenAddress, scheme: 'http' | 'https'): Promise<string> {
  if (address === 'systemd') server.listen({ fd: passedDescriptor(), backlog: BACKLOG });
  else if ('socketPath' in address) {
    await refuseOpenFolder(address);
    await removeDeadSocket(address.socketPath);
    server.listen({ path: address.socketPath, backlog: BACKLOG });
  } else server.listen({ port: address.port, host: address.host, backlog: BACKLOG });
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw cannotListen(address, cause);
  }
  // Others reach it through its folder's rights, as with every port of this machine.
  if (address !== 'systemd' && 'socketPath' in address) await chmod(address.socketPath, 0o666);
  const bound = server.address();
  if (bound === null || typeof bound === 'string') return bound ?? 'a socket of systemd';
  const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return `${scheme}://${host}:${bound.port}`;
}

function passedDescriptor(): number {
  const { LISTEN_PID: pid, LISTEN_FDS: count } = process.env;
  const hint = 'start it by a .socket unit with one ListenStream=, or by systemd-socket-activate';
  if (Number(pid) !== process.pid || count === undefined) {
    throw new KhoError('LISTEN', 'Cannot use the socket of systemd: it has passed none to this process', { hint });
  }
  if (count !== '1') throw new KhoError('LISTEN', `Cannot use ${count} sockets of systemd: kho serves one`, { hint });
  return FIRST_PASSED;
}

/** In a mode: all may write there, and each may take away only what is theirs. */
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/** Where anybody may put another socket, or a link, in the place of this one, clients would not know whom they speak to. */
async function refuseOpenFolder(address: { socketPath: string }): Promise<void> {
  const folder = dirname(address.socketPath);
  const found = await stat(folder).catch((cause) => {
    const hint = `make the folder "${folder}" first; systemd does so by RuntimeDirectory=`;
    throw new KhoError('LISTEN', `Cannot listen at ${address.socketPath}`, { cause, hint });
  });
  if ((found.mode & OTHERS_WRITE) === 0 || (found.mode & STICKY) !== 0) return;
  throw new KhoError('LISTEN', `Cannot listen at ${address.socketPath}: everybody may write to its folder`, {
    hint: `chmod o-w "${folder}", or take a folder that only kho may write to, like /run/kho`,
  });
}

/** One that a killed server left behind would be in the way; one that answers, or may, is in use. A link is not followed. */
async function removeDeadSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isSocket()) return;
  const socket = connect(path);
  const isDead = await once(socket, 'connect').then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
  );
  socket.destroy();
  if (isDead) await rm(path, { force: true });
}

function cannotListen(address: ListenAddress, cause: unknown): KhoError {
  const where =
    address === 'systemd'
      ? 'the socket of systemd'
      : 'socketPath' in address
        ? address.socketPath
        : `${address.host}:${address.port}`;
  const isSocket = address !== 'systemd' && 'socketPath' in address;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const hints: Record<string, string> = {
    EADDRINUSE: isSocket
      ? 'another kho serve listens there, or a file has this name; take another name (--socket)'
      : 'something listens there already; take another port (--port), or 0 for any that is free',
    EACCES: isSocket
      ? 'kho may not write to its folder; take one that it may write to, like /run/kho (systemd: RuntimeDirectory=)'
      : 'ports below 1024 need a right of their own; take a higher one (--port), behind a web server',
    EADDRNOTAVAIL: 'this machine has no such address (--host); 0.0.0.0 and :: mean all it has',
  };
  const hint = hints[String(code)];
  return new KhoError('LISTEN', `Cannot listen at ${where}`, { cause, ...(hint !== undefined && { hint }) });
}
