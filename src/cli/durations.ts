import { InvalidArgumentError } from '@commander-js/extra-typings';

const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS };

/** In days. */
const LONGEST = 3650;

/** `7d`, `12h`, `30m`, `0`. In milliseconds. */
export function parseDuration(text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const duration = text === '0' ? 0 : Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (amount + unit === '' && text !== '0') throw notATime();
  if (duration > LONGEST * DAY_MS) throw notATime();
  return duration;
}

function notATime(): InvalidArgumentError {
  return new InvalidArgumentError(
    'It must be a number with m, h or d behind it, like 7d, and no longer than ten years.',
  );
}

/** `90`, or `never`. In milliseconds; undefined for never. */
export function parseDays(text: string): number | 'never' {
  if (text === 'never') return text;
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > LONGEST) {
    throw new InvalidArgumentError(`It must be a number of days from 1 to ${LONGEST}, or the word never.`);
  }
  return days * DAY_MS;
}
