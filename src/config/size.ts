const UNITS: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

const SIZE = new RegExp(`^(\\d{1,6}) ?(${Object.keys(UNITS).join('|')})$`);

/** A size as people write it, like `2 GiB`, in bytes; undefined for anything else. */
export function readSize(text: string): number | undefined {
  const [, amount, unit] = SIZE.exec(text) ?? [];
  return unit === undefined ? undefined : Number(amount) * (UNITS[unit] as number);
}

export function sizeFault(text: string): string | undefined {
  return readSize(text) === undefined ? 'must be a size like "500 MB" or "2 GiB"' : undefined;
}
