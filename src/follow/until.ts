import { KhoError } from '../errors.ts';

const TIME = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** When a clock shows `05:00` next, in local time. Milliseconds since 1970. @throws {KhoError} USAGE */
export function nextTime(text: string, now: number): number {
  const [, hours, minutes] = TIME.exec(text) ?? [];
  if (hours === undefined) {
    throw new KhoError('USAGE', `Cannot stop at "${text}": it is no time`, { hint: 'write it like --until 05:00' });
  }
  const at = new Date(now);
  at.setHours(Number(hours), Number(minutes), 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}
