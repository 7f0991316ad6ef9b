/** More than that nobody is waited for, whatever a server says, in milliseconds. */
const LONGEST_WAIT_MS = 300_000;

/**
 * How long a server asks to be left alone, in milliseconds: `Retry-After` has seconds, or the date when it will do. Undefined where it says
 * nothing that can be read.
 *
 * Source: RFC 9110, section 10.2.3.
 */
export function waitOf(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const waitMs = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(LONGEST_WAIT_MS, Math.max(0, waitMs));
}
