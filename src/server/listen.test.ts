import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listen } from './listen.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kho-listen-'));
});
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true });
});

function at(socketPath: string): Promise<string> {
  const server = createServer();
  servers.push(server);
  return listen(server, { socketPath }, 'http');
}

/** A socket that nobody listens at, as a server that was killed leaves it. */
async function deadSocket(path: string): Promise<void> {
  const program = `require('net').createServer().listen(${JSON.stringify(path)})`;
  const killed = spawn(process.execPath, ['-e', program]);
  while (!existsSync(path)) await sleep(10);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
}

test('listen() makes a socket that all may open who may enter its folder', async () => {
  const path = join(folder, 'kho.sock');
  expect(await at(path)).toBe(path);
  expect(lstatSync(path).mode & 0o777).toBe(0o666);
});

test('listen() refuses a folder that everybody may write to, unless each may take away only what is theirs', async () => {
  const open = join(folder, 'open');
  mkdirSync(open);
  chmodSync(open, 0o777);
  await expect(at(join(open, 'kho.sock'))).rejects.toMatchObject({
    code: 'LISTEN',
    message: expect.stringContaining('everybody may write to its folder'),
  });
  chmodSync(open, 0o1777);
  expect(await at(join(open, 'kho.sock'))).toContain('kho.sock');
});

test('listen() says which folder is not there', async () => {
  const error = await at(join(folder, 'run/kho.sock')).catch((thrown) => thrown);
  expect([error.code, error.hint]).toEqual(['LISTEN', expect.stringContaining(`make the folder "${folder}/run"`)]);
});

test('listen() takes over what a dead server left, and nothing else', async () => {
  const dead = join(folder, 'dead.sock');
  await deadSocket(dead);
  const link = join(folder, 'link.sock');
  symlinkSync(dead, link);
  const file = join(folder, 'file');
  writeFileSync(file, 'mine');
  for (const path of [link, file]) {
    await expect(at(path)).rejects.toMatchObject({ code: 'LISTEN', hint: expect.stringContaining('--socket') });
  }
  expect([lstatSync(link).isSymbolicLink(), existsSync(file), lstatSync(dead).isSocket()]).toEqual([true, true, true]);
  expect(await at(dead)).toBe(dead);
});
