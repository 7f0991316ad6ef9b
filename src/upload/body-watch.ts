import type { IncomingMessage } from 'node:http';

/** A body has to come on by so many bytes in so many milliseconds, and may not stand still for longer. */
export interface BodyPace {
  leastBytes: number;
  perMs: number;
  idleMs: number;
}

/** A slow line has 2 kB a second; this is a tenth of that. */
export const BODY_PACE: BodyPace = { leastBytes: 16 * 1024, perMs: 60_000, idleMs: 60_000 };

/** How often is looked, in the shorter of the two times. */
const LOOKS = 12;

/**
 * Sees to it that a body comes on: one that does not would keep its place for ever.
 *
 * @param onSlow called once, when it does not
 * @returns ends it; to be called at the end of the body
 */
export function watchBody({ socket }: IncomingMessage, pace: BodyPace, onSlow: () => void): () => void {
  let { bytesRead } = socket;
  let sinceMs = performance.now();
  let lastBytes = bytesRead;
  let lastMs = sinceMs;
  const timer = setInterval(
    () => {
      const nowMs = performance.now();
      if (socket.bytesRead !== lastBytes) {
        lastBytes = socket.bytesRead;
        lastMs = nowMs;
      }
      const isSlow = nowMs - sinceMs >= pace.perMs && socket.bytesRead - bytesRead < pace.leastBytes;
      if (nowMs - lastMs >= pace.idleMs || isSlow) {
        clearInterval(timer);
        onSlow();
      } else if (nowMs - sinceMs >= pace.perMs) {
        bytesRead = socket.bytesRead;
        sinceMs = nowMs;
      }
    },
    Math.max(20, Math.min(pace.perMs, pace.idleMs) / LOOKS),
  ).unref();
  return () => clearInterval(timer);
}
