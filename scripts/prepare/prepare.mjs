import { mkdir, readFile, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { preparePrograms } from './debian.mjs';
import { prepareDebianFolders } from './debian-folders.mjs';
import { prepareGoPrograms } from './go-programs.mjs';
import { prepareMachines } from './machines.mjs';
import { prepareMuslPython } from './musl-python.mjs';
import { prepareNpmTools } from './npm-tools.mjs';
import { prepareVenvs } from './venvs.mjs';

/** The same folder as CACHE_DIR in test/support/tools.ts. */
const CACHE_DIR =
  process.env.KHO_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'kho-tests');

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Whether its holder was killed, perhaps before it could write its process id. */
async function isAbandoned(lock) {
  const pid = Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => ''));
  if (pid > 0) return !isAlive(pid);
  const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
  return Date.now() - mtimeMs > 10_000;
}

/** Two runs at once (two checkouts, say) share one cache: the second waits for the first. */
async function withLock(action) {
  const lock = join(CACHE_DIR, 'preparing');
  const holder = join(lock, 'pid');
  const release = async () => {
    await unlink(holder).catch(() => {});
    await rmdir(lock).catch(() => {});
  };
  for (let told = false; ; told = true) {
    const taken = await mkdir(lock).then(
      () => true,
      () => false,
    );
    if (taken) break;
    if (await isAbandoned(lock)) await release();
    if (!told) console.log(`Waiting for another run that prepares ${CACHE_DIR} …`);
    await sleep(500);
  }
  await writeFile(holder, String(process.pid));
  try {
    return await action();
  } finally {
    await release();
  }
}

/**
 * Everything that the end-to-end tests need beside npm packages.
 *
 * @returns {Promise<string[]>} what could not be had; empty when all is there.
 */
export async function prepare() {
  await mkdir(CACHE_DIR, { recursive: true });
  return withLock(async () => [
    ...(await preparePrograms()),
    ...(await prepareDebianFolders(CACHE_DIR)),
    ...(await prepareVenvs(CACHE_DIR)),
    ...(await prepareNpmTools(CACHE_DIR)),
    ...(await prepareGoPrograms(CACHE_DIR)),
    ...(await prepareMuslPython(CACHE_DIR)),
    ...(await prepareMachines(CACHE_DIR)),
  ]);
}
