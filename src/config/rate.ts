const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6 };

const RATE = /^(\d{1,6}) ?([kM]?)$/;

/** How much may come in a second, as people write it, like `64k`, in bytes; undefined for anything else. */
export function readRate(text: string): number | undefined {
  const [, amount, unit] = RATE.exec(text) ?? [];
  const bytes = Number(amount) * (UNITS[unit ?? '-'] ?? Number.NaN);
  return bytes >= 1 ? bytes : undefined;
}

export function rateFault(text: string): string | undefined {
  return readRate(text) === undefined ? 'must be bytes a second, like "64k" or "1M"' : undefined;
}
