import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * `kho serve` on a free port, as a process of its own.
 *
 * @param {string} kho the bundle
 * @param {string} site
 * @returns an object with `url`, `targets` (what clients asked for, growing), `until(test)` (resolves to the first event of
 *   its log, from now on, that passes) and `close()`
 * @throws {Error} with what it said, when it ends instead of serving.
 */
export async function serveSite(kho, site) {
  const child = spawn(process.execPath, [kho, 'serve', site, '--port', '0', '--log', 'json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const targets = [];
  const waiting = new Set();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line);
    if (event.event === 'request') targets.push(event.target);
    for (const wait of [...waiting]) {
      if (!wait.test(event)) continue;
      waiting.delete(wait);
      wait.resolve(event);
    }
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`kho serve ended\n${said}`);
  });
  ended.catch(() => {});
  const until = (test) =>
    Promise.race([
      ended,
      new Promise((resolve) => {
        waiting.add({ test, resolve });
      }),
    ]);
  const [{ url }] = await Promise.all([
    until(({ event }) => event === 'serving'),
    until(({ event }) => event === 'watching'),
  ]);
  return { url, targets, until, close: () => child.kill('SIGTERM') };
}
