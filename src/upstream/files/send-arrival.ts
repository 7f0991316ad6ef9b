import { readAt } from '../../io/read-through.ts';
import type { ByteRange } from '../../standards/http/byte-range.ts';
import type { Arrival } from './arrival.ts';
import type { ClientBody } from './client-body.ts';

/** Read at once, and held for one client. In bytes. */
const PIECE_BYTES = 64 * 1024;

/** How sending ended: all was sent; the connection was cut, or the client went; or the rest has to come another way. */
export type SendingEnd = 'sent' | 'cut' | 'no room';

/**
 * Send a file while it comes. The last bytes go when its hash is right; where it turns out to be wrong, the connection is cut.
 *
 * @param range the end may be Infinity where nobody knows how long it is
 */
export async function sendArrival(arrival: Arrival, range: ByteRange, body: ClientBody): Promise<SendingEnd> {
  const { round } = arrival;
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  body.onGone = () => arrival.wake();
  const isSpoilt = () => arrival.round !== round && body.sent > 0;
  for (;;) {
    const at = range.start + body.sent;
    await arrival.until(() => body.isGone || isSpoilt() || arrival.readable > at || at >= range.end);
    if (body.isGone) return 'cut';
    const { state, readable, descriptor } = arrival;
    const upTo = Math.min(range.end, state.is === 'no room' ? arrival.there : readable);
    if (isSpoilt() || state.is === 'failed') break;
    if (at < upTo) {
      if (descriptor === undefined) break;
      const count = await readAt(descriptor, piece.subarray(0, Math.min(piece.length, upTo - at)), at);
      if (count === 0 || isSpoilt()) break;
      await body.write(piece.subarray(0, count));
    } else if (state.is === 'no room' && at < range.end) return 'no room';
    else if (at >= range.end || state.is === 'whole') {
      await body.end();
      return 'sent';
    }
  }
  body.cut();
  return 'cut';
}
