import type { Doubt } from '../problems.ts';

/** @param whats in words that follow the file's name, each of them perhaps absent */
export function doubtsOf(code: Doubt['code'], ...whats: readonly (string | undefined)[]): Doubt[] {
  return whats.flatMap((what) => (what === undefined ? [] : [{ code, what }]));
}

/** What `compareReadings` finds: readers that go by the directory alone do not mind. */
export function readingDoubts(whats: readonly string[]): Doubt[] {
  return doubtsOf('refused-by-some', ...whats.map((what) => `${what}: uv refuses it`));
}
