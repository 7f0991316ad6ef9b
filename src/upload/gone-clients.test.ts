/** Clients that leave before their answer. */
import { expect, test } from 'vitest';
import { serveDesk } from '../../test/support/served-desk.ts';
import { openSocket, until, uploadHead } from '../../test/support/served-uploads.ts';

/** Neither the pace of bodies nor the usual signs of life tell in the time of a test. */
const NEVER_MS = 3_600_000;

test.each([
  ['all of a small body', 10_000, 10_000],
  ['a part of its body', 5_000_000, 10_000],
  ['all of a big body', 1_000_000, 1_000_000],
])(
  'UploadDesk.receive() notices at once that a client left that had sent %s and waits for its turn',
  async (_what, length, sent) => {
    const came: string[] = [];
    const left: string[] = [];
    const desk = {
      take: () => new Promise<never>(() => {}),
      publish: () => new Promise<never>(() => {}),
      limits: {
        mostOfOne: 1,
        signMs: NEVER_MS,
        waitingSignMs: 50,
        pace: { leastBytes: 0, perMs: NEVER_MS, idleMs: NEVER_MS },
      },
    };
    const { url, secret } = await serveDesk(desk, (request, _response, receiving) => {
      const who = String(request.headers['user-agent']).split(' ')[1] ?? '';
      came.push(who);
      void receiving.then((answer) => {
        if (answer === undefined) left.push(who);
      });
    });
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
