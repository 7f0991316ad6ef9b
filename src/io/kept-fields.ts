/** What stands in a kept line that is JSON. Its checksum tells that kho wrote it, not which kho: each field is looked at before it is believed. */

/** None for a line that is no JSON. */
export function keptFields(line: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(line)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** A text on one line. */
export function isKeptText(value: unknown): value is string {
  return typeof value === 'string' && !/\p{Cc}/u.test(value);
}
