/** versitygw over a folder: a store whose conditions hold when many write at once, and which checks what it is told. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { CACHE_DIR } from '../tools.ts';
import { NO_CREDENTIALS, type StoreServer, stopChild, untilAnswers } from './store-server.ts';

const PROGRAM = join(CACHE_DIR, 'go', 'versitygw', 'versitygw');

/** Outside CI a machine may do without; in CI the tests then fail. */
export const hasVersitygw = existsSync(PROGRAM) || Boolean(process.env['CI']);

export interface Versitygw extends StoreServer {
  /** Where it keeps buckets, each a folder. */
  root: string;
  /** Of websites: asked with `Host: BUCKET.site.test`. */
  websiteUrl: string;
}

/** Of the host of websites. */
export const WEBSITE_DOMAIN = 'site.test';

/** @param root another one may have this folder too, as gateways of a cluster do; who made it removes it */
export async function startVersitygw(root?: string): Promise<Versitygw> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not there: run \`node scripts/test.mjs --prepare\` first`);
  // In memory where that may be: it keeps what is said of an object in attributes of files, which both know.
  const folder = root ?? (await mkdtemp(join(process.env['KHO_TEST_MEMORY'] ?? tmpdir(), 'kho-versitygw-')));
  const [port, websitePort] = [await freePort(), await freePort()];
  const [key, secret] = ['kho-tests', 'a secret of tests'];
  const words = [
    ...['--port', `127.0.0.1:${port}`, '--access', key, '--secret', secret, '--quiet', '--keep-alive'],
    ...['--website', `127.0.0.1:${websitePort}`, '--website-domain', WEBSITE_DOMAIN, 'posix', folder],
  ];
  const child = spawn(PROGRAM, words, { stdio: 'ignore', cwd: folder, env: { PATH: '/usr/bin:/bin', HOME: folder } });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(url, child);
  return {
    url,
    websiteUrl: `http://127.0.0.1:${websitePort}`,
    pid: child.pid!,
    root: folder,
    environment: {
      ...NO_CREDENTIALS,
      AWS_ACCESS_KEY_ID: key,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: url,
    },
    makeBucket: async (name) => {
      await mkdir(join(folder, name));
    },
    stop: async () => {
      await stopChild(child);
      if (root === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
