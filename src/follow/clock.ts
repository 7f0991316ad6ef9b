/** Boards without a battery begin in 1970, and then no certificate is valid yet: said as what it is. */
import { KhoError } from '../errors.ts';

/** Before this kho was written, no clock is right. Milliseconds since 1970. */
const SURELY_PAST_MS = Date.UTC(2026, 0, 1);

/** @param now milliseconds since 1970, as this machine's clock has it. @returns the error to tell: the same, where it is not about the clock */
export function aboutClock(error: unknown, now: number): unknown {
  if (!(error instanceof KhoError) || error.code !== 'UPSTREAM') return error;
  const isEarly = /not yet valid/i.test(error.message);
  const isLate = /certificate has expired/i.test(error.message);
  if (!isEarly && !isLate) return error;
  const day = new Date(now).toISOString().slice(0, 10);
  if (isEarly) {
    return new KhoError(
      'UPSTREAM',
      `Cannot follow: this machine's clock says ${day}, when the certificate of the centre is not yet valid`,
      {
        cause: error,
        hint: 'set the clock (date -s, chrony), or keep the time over reboots (fake-hwclock)',
      },
    );
  }
  return new KhoError(
    'UPSTREAM',
    `Cannot follow: by this machine's clock, which says ${day}, the certificate of the centre has expired`,
    {
      cause: error,
      hint: 'look whether the clock is right; else have the certificate of the centre renewed',
    },
  );
}

/** What is to be told of a clock that cannot be right; undefined where it may be. */
export function clockNote(now: number): string | undefined {
  if (now >= SURELY_PAST_MS) return undefined;
  return `this machine's clock says ${new Date(now).toISOString().slice(0, 10)}, which is past: set it, since certificates are checked by it`;
}
