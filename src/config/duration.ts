const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

const DURATION = /^(\d{1,5}) ?([smhdw])$/;

/** A time as people write it, like `10m` or `7d`, in milliseconds; undefined for anything else. */
export function readDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const [, amount, unit] = DURATION.exec(text) ?? [];
  const milliseconds = UNITS[unit ?? ''];
  return milliseconds === undefined ? undefined : Number(amount) * milliseconds;
}

export function durationFault(text: string): string | undefined {
  return readDuration(text) === undefined ? 'must be a time like "30s", "10m", "12h" or "7d", or "0"' : undefined;
}
