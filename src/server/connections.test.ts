import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { Connections } from './connections.ts';

/** As much of a socket as counts here. */
class FakeSocket extends EventEmitter {
  destroyed = false;
  bytesWritten = 0;
  writableLength = 0;
  readonly remoteAddress: string;
  readonly remotePort: number;

  constructor(remoteAddress: string, remotePort: number) {
    super();
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
  }

  destroy() {
    if (this.destroyed) return;
    this.destroyed = true;
    queueMicrotask(() => this.emit('close'));
  }
}

function scene({ most = 10, mostOf = 4 } = {}) {
  const clock = { nowMs: 1000 };
  const connections = new Connections({ most, mostOf: () => mostOf }, () => clock.nowMs);
  let port = 1000;
  const connect = (address: string) => {
    const socket = new FakeSocket(address, port++);
    connections.add(socket as unknown as Socket, false);
    return socket;
  };
  /** Asks, and gets its answer when that is called. */
  const ask = (socket: FakeSocket) => {
    const response = Object.assign(new EventEmitter(), { writableFinished: false });
    connections.of(socket as unknown as Socket)?.begin({ complete: true } as never, response as never, () => {});
    return () => {
      response.writableFinished = true;
    };
  };
  const open = (sockets: FakeSocket[]) => sockets.map(({ destroyed }) => !destroyed);
  return { connections, connect, ask, open, clock };
}

test('Connections closes the idlest of an address that has as many as it may', () => {
  const { connections, connect, ask, open } = scene();
  const own = Array.from({ length: 4 }, () => connect('203.0.113.9'));
  ask(own[0] as FakeSocket)();
  const more = connect('203.0.113.9');
  expect(open([...own, more])).toEqual([true, false, true, true, true]);
  expect(connections.count).toBe(4);
  expect(open([connect('203.0.113.10')])).toEqual([true]);
});

test('Connections takes no more of an address that waits for an answer on all it may have', () => {
  const { connections, connect, ask, open } = scene();
  const own = Array.from({ length: 4 }, () => connect('203.0.113.9'));
  const answers = own.map(ask);
  expect(open([...own, connect('203.0.113.9')])).toEqual([true, true, true, true, false]);
  answers[2]?.();
  expect(open([...own, connect('203.0.113.9')])).toEqual([true, true, false, true, true]);
  expect(connections.count).toBe(4);
});

test('Connections counts a /64 as one', () => {
  const { connect, open } = scene();
  const own = ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8::4', '2001:db8::5'].map(connect);
  expect(open([...own, connect('2001:db8:0:1::1')])).toEqual([false, true, true, true, true, true]);
});

test('Connections closes one of the greediest when there are as many as there may be', () => {
  const { connections, connect, ask, open } = scene({ mostOf: 100 });
  const greedy = Array.from({ length: 7 }, () => connect('203.0.113.9'));
  const others = ['203.0.113.1', '203.0.113.2', '203.0.113.3'].map(connect);
  const next = connect('203.0.113.4');
  expect(open([...others, next])).toEqual([true, true, true, true]);
  expect(open(greedy)).toEqual([false, true, true, true, true, true, true]);
  for (const socket of greedy) if (!socket.destroyed) ask(socket);
  expect(open([connect('203.0.113.5')])).toEqual([true]);
  expect(open(greedy)).toEqual([false, false, true, true, true, true, true]);
  expect(open([connect('203.0.113.9')])).toEqual([false]); // it has most, and waits on all of them
  expect(connections.count).toBe(10);
});

test('Connections takes a client for idle that takes nothing of its answer, and ends it in the end', () => {
  const { connections, connect, ask, open, clock } = scene({ most: 2 });
  const [stalled, waiting] = [connect('203.0.113.9'), connect('203.0.113.9')];
  ask(stalled);
  ask(waiting);
  Object.assign(stalled, { bytesWritten: 70_000, writableLength: 5000 });
  connections.look(75_000);
  expect(open([connect('203.0.113.9')])).toEqual([false]);
  clock.nowMs += 10_000;
  connections.look(75_000);
  clock.nowMs += 69_000;
  connections.look(75_000);
  expect(open([stalled])).toEqual([true]);
  clock.nowMs += 1001;
  connections.look(75_000);
  expect(open([stalled, waiting])).toEqual([false, true]);

  const other = connect('203.0.113.9');
  ask(other);
  Object.assign(other, { bytesWritten: 70_000, writableLength: 5000 });
  connections.look(75_000);
  clock.nowMs += 10_000;
  connections.look(75_000);
  expect(open([connect('203.0.113.8'), other, waiting])).toEqual([true, false, true]);
});
