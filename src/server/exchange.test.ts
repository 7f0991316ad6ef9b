import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { textAnswer } from './answer.ts';
import { drainBody } from './drain-body.ts';
import { Exchange } from './exchange.ts';
import { Metrics } from './metrics.ts';

test('Exchange.send() leaves a connection open while the body of its last request comes, and ends it then', async () => {
  let isWhole = false;
  const server = createServer((request, response) => {
    request.on('end', () => {
      isWhole = true;
    });
    new Exchange(request, response, undefined, new Metrics()).send(textAnswer(401, 'no'));
    drainBody(request);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 300000\r\n\r\n');
  while (!received.endsWith('no\n')) await sleep(5);
  for (let sent = 0; sent < 300_000; sent += 30_000) {
    socket.write(Buffer.alloc(30_000));
    await sleep(5);
  }
  await closed;
  expect(isWhole).toBe(true);
  expect(received).toMatch(/^HTTP\/1.1 401 /);
  server.close();
});
