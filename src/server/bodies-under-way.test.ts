import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { BodiesUnderWay } from './bodies-under-way.ts';

function scene() {
  const bodies = new BodiesUnderWay(1000);
  const send = (client: string, body: Buffer) => {
    const socket = Object.assign(new EventEmitter(), { isOpen: true, destroy: () => {} });
    socket.destroy = () => {
      socket.isOpen = false;
    };
    const response = Object.assign(new EventEmitter(), { req: { socket } });
    bodies.add(body, client, response as never);
    return { socket, end: () => response.emit('close') };
  };
  return { bodies, send };
}

test('BodiesUnderWay counts a body once, until the last client has it', () => {
  const { bodies, send } = scene();
  const body = Buffer.alloc(600);
  const [first, second] = [send('a', body), send('b', body)];
  expect(bodies.bytes).toBe(600);
  first.end();
  expect(bodies.bytes).toBe(600);
  second.socket.emit('close');
  second.end();
  expect(bodies.bytes).toBe(0);
});

test('BodiesUnderWay ends what the greediest began first when it becomes too much', () => {
  const { bodies, send } = scene();
  const other = send('other', Buffer.alloc(300));
  const greedy = [
    send('greedy', Buffer.alloc(300)),
    send('greedy', Buffer.alloc(300)),
    send('other', Buffer.alloc(200)),
  ];
  expect([other, ...greedy].map(({ socket }) => socket.isOpen)).toEqual([true, false, true, true]);
  expect(bodies.bytes).toBe(800);
});

test('BodiesUnderWay sends what is too much by itself', () => {
  const { send } = scene();
  expect(send('a', Buffer.alloc(2000)).socket.isOpen).toBe(true);
});
