/** Clients that leave before their answer. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openSocket, until, uploadHead } from '../../test/support/served-uploads.ts';
import { TestSite } from '../../test/support/site.ts';
import { addToken } from '../access/edit-tokens.ts';
import { TokenStore } from '../access/token-store.ts';
import { loadSite } from '../config/load-config.ts';
import { RefusalLog } from '../log/refusal-log.ts';
import { Door } from './door.ts';
import { UploadDesk } from './upload-desk.ts';

/** Neither the pace of bodies nor the usual signs of life tell in the time of a test. */
const NEVER_MS = 3_600_000;

test.each([
  ['all of a small body', 10_000, 10_000],
  ['a part of its body', 5_000_000, 10_000],
  ['all of a big body', 1_000_000, 1_000_000],
])(
  'UploadDesk.receive() notices at once that a client left that had sent %s and waits for its turn',
  async (_what, length, sent) => {
    const site = new TestSite();
    onTestFinished(() => site.close());
    site.put('kho.toml', '[upload]\nenabled = true\nkeep_free = "1 MB"\n');
    site.wheel('glibc', { name: 'always', version: '1.0' });
    const { config } = await loadSite(site.root);
    const wanted = { name: 'ci', rights: ['upload', 'new'] as const, repositories: [], projects: [] };
    const { secret } = await addToken(config, wanted, { now: Date.now() });
    const refusals = new RefusalLog(config.root);
    const desk = new UploadDesk({
      config: () => config,
      ...{ door: new Door(new TokenStore(config.root), refusals), refusals },
      take: () => new Promise(() => {}),
      publish: () => new Promise(() => {}),
      limits: {
        mostOfOne: 1,
        signMs: NEVER_MS,
        waitingSignMs: 50,
        pace: { leastBytes: 0, perMs: NEVER_MS, idleMs: NEVER_MS },
      },
    });
    const came: string[] = [];
    const left: string[] = [];
    const server = createServer({ requestTimeout: 0 }, (request, response) => {
      const who = String(request.headers['user-agent']).split(' ')[1] ?? '';
      came.push(who);
      const hosts: string[] = [];
      const asked = { request, response, repository: 'glibc', address: 'x', client: 'x', isConfidential: true, hosts };
      void desk.receive({ ...asked, isDirect: true }).then((answer) => {
        if (answer === undefined) left.push(who);
      });
    });
    server.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await until(() => server.listening);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const upload = (who: string, bytes: number) => {
      const socket = openSocket(url);
      socket.write(uploadHead(secret, length, `User-Agent: curl/8.0 ${who}\r\n`));
      socket.write(Buffer.alloc(bytes, 'x'));
      return socket;
    };
    const holder = upload('holder', 0);
    await until(() => came.includes('holder'));
    const waiting = upload('waiting', sent);
    await until(() => came.includes('waiting'));
    waiting.destroy();
    await until(() => left.includes('waiting'));
    expect(left).toEqual(['waiting']);
    holder.destroy();
    await until(() => left.includes('holder'));
  },
);
