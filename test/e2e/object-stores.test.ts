/** The client of buckets, with real stores. */

import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StoreSettings } from '../../src/config/store-settings.ts';
import { bytesBody } from '../../src/object-store/bytes-body.ts';
import type { Clock } from '../../src/object-store/clock.ts';
import type { ObjectStore } from '../../src/object-store/object-store.ts';
import { openStore } from '../../src/object-store/open-store.ts';
import { parseStoreAddress } from '../../src/object-store/store-address.ts';
import { type FaultProxy, type ProxyFault, startFaultProxy } from '../support/object-stores/fault-proxy.ts';
import { hasMoto, startMoto } from '../support/object-stores/moto.ts';
import { NO_CREDENTIALS, type StoreServer, setAwsEnvironment } from '../support/object-stores/store-server.ts';
import { hasVersitygw, startVersitygw } from '../support/object-stores/versitygw.ts';
import { runOrThrow, runProgram } from '../support/run-program.ts';
import { listed, PAGE, type StoreAbility, storeContract, streamOf, textOf } from '../support/store-contract.ts';
import { KHO, PROJECT_DIR } from '../support/tools.ts';

const STORES: [name: string, has: boolean, start: () => Promise<StoreServer>, without: StoreAbility[]][] = [
  ['versitygw', hasVersitygw, startVersitygw, ['slash keys']],
  ['moto', hasMoto, startMoto, ['hashes', 'races', 'swaps of big files']],
];

describe.each(STORES.filter(([, has]) => has))('%s keeps the contract of stores', (_name, _has, start, without) => {
  let server: StoreServer;
  let restore = () => {};
  let store: ObjectStore;
  beforeAll(async () => {
    server = await start();
    await server.makeBucket('contract');
    restore = setAwsEnvironment(server.environment);
    store = await openStore(parseStoreAddress('s3://contract/some/prefix'));
  });
  afterAll(async () => {
    restore();
    await server?.stop();
  });

  test.each(storeContract({ without }))('$name', (check) => check.run(store));
});

describe.runIf(hasVersitygw)('between a client and versitygw', () => {
  let server: StoreServer;
  let proxy: FaultProxy;
  let restore = () => {};
  const waits: number[] = [];
  const clock: Clock = {
    now: () => Date.now(),
    random: () => 0,
    sleep: async (ms) => {
      waits.push(ms);
    },
  };
  const open = () => openStore(parseStoreAddress('s3://faults/p'), { endpoint: proxy.url }, clock);

  beforeAll(async () => {
    server = await startVersitygw();
    await server.makeBucket('faults');
    restore = setAwsEnvironment(server.environment);
    proxy = await startFaultProxy(server.url);
  });
  beforeEach(() => {
    proxy.fault = () => undefined;
    proxy.requests.length = 0;
    waits.length = 0;
  });
  afterAll(async () => {
    restore();
    await proxy?.stop();
    await server?.stop();
  });

  test('an answer that got lost makes the second try be refused, and what was sent is there', async () => {
    proxy.fault = ({ method, before }) => (method === 'PUT' && before === 0 ? 'answer lost' : undefined);
    const store = await open();
    expect(await store.put('lost', bytesBody('content'), PAGE, { ifAbsent: true })).toBe('refused');
    expect(await textOf(store, 'lost')).toBe('content');
    expect(proxy.requests.filter((name) => name.startsWith('PUT'))).toHaveLength(2);
  });

  test.each<[what: string, fault: ProxyFault]>([
    ['a reset', 'reset'],
    ['429', { status: 429, code: 'TooManyRequests' }],
    ['503', { status: 503, code: 'SlowDown' }],
    ['409', { status: 409, code: 'ConditionalRequestConflict' }],
  ])('after %s it is asked again, whatever it was', async (_what, fault) => {
    proxy.fault = ({ before }) => (before < 2 ? fault : undefined);
    const store = await open();
    const etag = (await store.put('again', streamOf('content', 2), PAGE)) as string;
    expect((await store.head('again'))!.etag).toBe(etag);
    expect((await listed(store, 'again')).map(({ key }) => key)).toEqual(['again']);
    expect(await textOf(store, 'again')).toBe('content');
    await store.remove(['again']);
    expect(await store.head('again')).toBeUndefined();
    expect(waits).toHaveLength(10);
  });

  test('a store that asks for time gets it', async () => {
    proxy.fault = ({ before }) =>
      before === 0 ? { status: 503, code: 'SlowDown', headers: { 'Retry-After': '3' } } : undefined;
    await (await open()).head('time');
    expect(waits).toEqual([3000]);
  });

  test('a body that is cut is told as something that passes', async () => {
    const store = await open();
    await store.put('cut', bytesBody('x'.repeat(100_000)), PAGE);
    proxy.fault = ({ method }) => (method === 'GET' ? 'cut body' : undefined);
    await expect(textOf(store, 'cut')).rejects.toMatchObject({ fault: 'busy' });
  });

  test('of a big file only the part is sent again that got lost, and its lost end is found', async () => {
    const bytes = Buffer.alloc(66 * 1024 * 1024, 'parts');
    const body = bytesBody(bytes);
    let ends = 0;
    let failed = 0;
    proxy.fault = ({ method, query }) => {
      if (query.get('partNumber') === '3' && failed++ === 0) return 'reset';
      return method === 'POST' && query.has('uploadId') && ends++ === 0 ? 'answer lost' : undefined;
    };
    const store = await open();
    const etag = await store.put('big', body, { ...PAGE, meta: { 'kho-sha256': body.sha256 } });
    expect(await store.head('big')).toMatchObject({ etag, size: bytes.length });
    expect(proxy.requests.filter((name) => name === 'PUT /faults/p/big')).toHaveLength(6);
    expect(await store.unfinished('')).toEqual([]);
  });

  test('credentials that come to their end are told so, and what is there stays', async () => {
    proxy.fault = ({ method }) => (method === 'PUT' ? { status: 400, code: 'ExpiredToken' } : undefined);
    await expect((await open()).put('late', bytesBody('x'), PAGE)).rejects.toMatchObject({ fault: 'expired' });
  });
});

/** Sends one file of so many MiB, and says how much memory that took at most, in MiB. */
const SEND_BIG = `
import { createReadStream } from 'node:fs';
import { S3Store } from '${PROJECT_DIR}/src/object-store/s3-store.ts';
import { parseStoreAddress } from '${PROJECT_DIR}/src/object-store/store-address.ts';
const [path, size, sha256] = process.argv.slice(2);
const store = new S3Store(parseStoreAddress('s3://big/p'));
const body = { size: Number(size), sha256, read: (from, length) => createReadStream(path, { start: from, end: from + length - 1 }) };
await store.put('x', body, { contentType: 'application/octet-stream', cacheControl: 'no-cache' });
console.log(JSON.stringify({ peakMib: process.resourceUsage().maxRSS / 1024 }));
`;

test.runIf(hasVersitygw)('a file of 600 MB is sent with no more memory than one of 80', async () => {
  const server = await startVersitygw();
  const folder = mkdtempSync(join(tmpdir(), 'kho-big-'));
  try {
    await server.makeBucket('big');
    const program = join(folder, 'send.mts');
    writeFileSync(program, SEND_BIG);
    const peaks: number[] = [];
    for (const mib of [80, 600]) {
      const path = join(folder, 'file');
      const hash = createHash('sha256');
      writeFileSync(path, '');
      for (let block = 0; block < mib; block++) {
        const bytes = Buffer.alloc(1024 * 1024, block);
        hash.update(bytes);
        appendFileSync(path, bytes);
      }
      const words = ['--import', 'tsx', program, path, String(mib * 1024 * 1024), hash.digest('hex')];
      const env = { PATH: process.env['PATH'], HOME: folder, ...server.environment };
      const { stdout, stderr } = await runOrThrow(process.execPath, words, { cwd: PROJECT_DIR, env });
      expect(stderr).toBe('');
      peaks.push(JSON.parse(stdout).peakMib);
    }
    expect(peaks[1]!).toBeLessThan(peaks[0]! + 100);
    expect(peaks[1]!).toBeLessThan(400);
  } finally {
    rmSync(folder, { recursive: true });
    await server.stop();
  }
});

describe.runIf(hasMoto)('credentials are found as the tools of AWS find them', () => {
  let server: StoreServer;
  let proxy: FaultProxy;
  let home: string;
  beforeAll(async () => {
    server = await startMoto();
    await server.makeBucket('keys');
    proxy = await startFaultProxy(server.url);
    home = mkdtempSync(join(tmpdir(), 'kho-aws-'));
    mkdirSync(join(home, '.aws'));
    writeFileSync(join(home, 'token'), 'a token of the machine that builds');
    const keys = `printf '{"Version":1,"AccessKeyId":"FROMPROCESS","SecretAccessKey":"s","SessionToken":"t"}'`;
    writeFileSync(join(home, 'keys'), `#!/bin/sh\n${keys}\n`, { mode: 0o755 });
    writeFileSync(
      join(home, '.aws/credentials'),
      '[team]\naws_access_key_id = FROMPROFILE\naws_secret_access_key = s\n',
    );
    const config = [
      `[profile process]\ncredential_process = ${join(home, 'keys')}\nendpoint_url = ${proxy.url}\nregion = eu-west-1`,
      `[profile team]\nregion = eu-central-1\nservices = here`,
      `[services here]\ns3 =\n  endpoint_url = ${proxy.url}`,
    ];
    writeFileSync(join(home, '.aws/config'), `${config.join('\n')}\n`);
  });
  afterAll(async () => {
    rmSync(home, { recursive: true });
    await proxy?.stop();
    await server?.stop();
  });

  const files = () => ({
    AWS_CONFIG_FILE: join(home, '.aws/config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, '.aws/credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
  });

  /** Whose key a request was signed with, in which region. */
  async function signedBy(environment: Record<string, string>, settings: StoreSettings = {}): Promise<string> {
    let signer = '';
    proxy.fault = ({ headers }) => {
      signer =
        /Credential=([^/]+)\/\d+\/([^/]+)\/s3/
          .exec(headers.authorization ?? '')
          ?.slice(1)
          .join(' ') ?? '';
      return undefined;
    };
    const restore = setAwsEnvironment({ ...files(), ...environment });
    try {
      const store = await openStore(parseStoreAddress('s3://keys/p'), settings);
      await store.put('x', bytesBody('x'), PAGE);
      return signer;
    } finally {
      restore();
    }
  }

  const keysOf = (AWS_ACCESS_KEY_ID: string) => ({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: 's' });

  test('in the environment', async () => {
    const environment = {
      ...keysOf('FROMENV'),
      AWS_ENDPOINT_URL_S3: proxy.url,
      AWS_REGION: 'ap-southeast-1',
    };
    expect(await signedBy(environment)).toBe('FROMENV ap-southeast-1');
    const { AWS_ENDPOINT_URL_S3, ...others } = environment;
    expect(await signedBy({ ...others, AWS_ENDPOINT_URL: AWS_ENDPOINT_URL_S3 })).toBe('FROMENV ap-southeast-1');
  });

  test('in a profile, with its endpoint and region', async () => {
    expect(await signedBy({ AWS_PROFILE: 'team' })).toBe('FROMPROFILE eu-central-1');
    expect(await signedBy({ ...keysOf('FROMENV') }, { profile: 'team' })).toBe('FROMPROFILE eu-central-1');
    expect(await signedBy({ AWS_PROFILE: 'team', AWS_REGION: 'eu-north-1' })).toBe('FROMPROFILE eu-north-1');
  });

  test('by a program that a profile names', async () => {
    expect(await signedBy({ AWS_PROFILE: 'process' })).toBe('FROMPROCESS eu-west-1');
  });

  test('by the identity that a CI gives to its jobs', async () => {
    const environment = {
      AWS_ENDPOINT_URL: proxy.url,
      AWS_REGION: 'us-east-1',
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/publish',
      AWS_WEB_IDENTITY_TOKEN_FILE: join(home, 'token'),
    };
    expect(await signedBy(environment)).toMatch(/^ASIA\w+ us-east-1$/); // keys that STS makes
  });

  test('kho itself says whose are missing, and nothing on stderr', async () => {
    const words = [KHO, 'doctor', 's3://keys/p', '--endpoint-url', server.url];
    const without = await runProgram(process.execPath, words, { env: { HOME: home, ...NO_CREDENTIALS } });
    expect([without.exitCode, without.stderr]).toEqual([1, '']);
    expect(without.stdout).toContain('there are no credentials');
    const process_ = [...words.slice(0, 3), '--profile', 'process'];
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, process_, {
      env: { HOME: home, ...files() },
    });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/several were told that they created|of many who create/);
    expect(stdout).toContain('0 failed');
  });
});
