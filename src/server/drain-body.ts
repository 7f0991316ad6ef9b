import type { IncomingMessage } from 'node:http';

/** What is read of a body that nobody wants, so that its client gets to read the answer. In bytes and milliseconds. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_MS = 10_000;
const LOOK_MS = 100;

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/**
 * Read on to the end of a request that has its answer. Most clients look for one only when they have sent everything, and lose it where
 * the connection is closed before. Whoever sends more than that is cut off.
 */
export function drainBody(request: IncomingMessage, mostMs = MOST_MS, mostBytes = MOST_BYTES): void {
  if (request.complete || request.socket.destroyed) return;
  const { socket } = request;
  const untilMs = performance.now() + mostMs;
  const untilBytes = socket.bytesRead + mostBytes;
  const timer = setInterval(() => {
    const isOver = request.complete || socket.destroyed;
    if (!isOver && performance.now() < untilMs && socket.bytesRead < untilBytes) return;
    clearInterval(timer);
    if (!isOver) socket.destroy();
  }, LOOK_MS).unref();
  request.resume();
}
