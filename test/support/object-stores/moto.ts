/** moto, a store in memory: for what the other does not know (keys that end in a slash, STS), never for races. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { hasVenv, venvProgram } from '../tools.ts';
import { NO_CREDENTIALS, type StoreServer, stopChild, untilAnswers } from './store-server.ts';

/** Outside CI a machine may do without; in CI the tests then fail. */
export const hasMoto = hasVenv('moto') || Boolean(process.env['CI']);

export async function startMoto(): Promise<StoreServer> {
  const home = await mkdtemp(join(tmpdir(), 'kho-moto-'));
  const port = await freePort();
  const child = spawn(venvProgram('moto', 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    cwd: home,
    env: { PATH: '/usr/bin:/bin', HOME: home, TMPDIR: home },
  });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/moto-api/`, child);
  return {
    url,
    pid: child.pid!,
    environment: {
      ...NO_CREDENTIALS,
      AWS_ACCESS_KEY_ID: 'kho-tests',
      AWS_SECRET_ACCESS_KEY: 'a secret of tests',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: url,
    },
    makeBucket: async (name) => {
      // It looks at no signature.
      const { status } = await fetch(`${url}/${name}`, {
        method: 'PUT',
        headers: { Authorization: 'AWS4-HMAC-SHA256 Credential=kho-tests/20260101/us-east-1/s3/aws4_request' },
      });
      if (status !== 200) throw new Error(`moto made no bucket: ${status}`);
    },
    stop: async () => {
      await stopChild(child);
      await rm(home, { recursive: true, force: true });
    },
  };
}
