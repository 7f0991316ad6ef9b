/** Amounts in words. The same for every locale, since scripts read them too. */

const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** `999 bytes`, `1.5 kB`, `12 MB`: powers of 1000, two digits or more. */
export function inBytes(bytes: number): string {
  if (bytes < 1000) return counted(bytes, 'byte');
  let amount = bytes / 1000;
  let unit = 0;
  // 999.5 would be shown as 1000.
  while (amount >= 999.5 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${amount < 9.95 ? amount.toFixed(1) : amount.toFixed(0)} ${UNITS[unit]}`;
}

/** `1 file`, `1,234 files`. */
export function counted(count: number, what: string, whatMany = `${what}s`): string {
  return `${grouped(count)} ${count === 1 ? what : whatMany}`;
}

export function grouped(count: number): string {
  return count.toLocaleString('en');
}

/** `0.31 s`, `12.3 s`, `2 min 5 s`. */
export function inSeconds(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `2026-11-22`, in UTC. */
export function onDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** Pads every column but the last to its widest cell. Columns whose index is in `rightAligned` are padded on the left. */
export function inColumns(rows: readonly (readonly string[])[], rightAligned: readonly number[] = []): string[][] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, [...cell].length);
    });
  return rows.map((row) =>
    row.map((cell, index) => {
      const padding = ' '.repeat((widths[index] ?? 0) - [...cell].length);
      if (rightAligned.includes(index)) return padding + cell;
      return index === row.length - 1 ? cell : cell + padding;
    }),
  );
}
