/**
 * Platform tags of wheels for Linux.
 *
 * Source: PyPA "Platform compatibility tags" (PEP 513, 571, 599, 600, 656).
 */

export type PlatformTag =
  | { family: 'any' }
  /** Says nothing of a libc: machines of both kinds take it. */
  | { family: 'linux'; architecture: string }
  /** `version` is the oldest glibc or musl it promises to run with. */
  | { family: 'manylinux'; architecture: string; version: string }
  | { family: 'musllinux'; architecture: string; version: string }
  /** Another system, or not known. */
  | { family: 'other' };

const OLD_MANYLINUX: Readonly<Record<string, string>> = { '1': '2.5', '2010': '2.12', '2014': '2.17' };

/** @param tag one of a set, in any case */
export function parsePlatformTag(tag: string): PlatformTag {
  const lower = tag.toLowerCase();
  if (lower === 'any') return { family: 'any' };
  const [, family, major, minor, old, architecture = ''] =
    /^(?:(manylinux|musllinux)_(\d+)_(\d+)|manylinux(1|2010|2014)|linux)_(\w+)$/.exec(lower) ?? [];
  if (!architecture) return { family: 'other' };
  if (old !== undefined) return { family: 'manylinux', architecture, version: OLD_MANYLINUX[old] as string };
  if (family === undefined) return { family: 'linux', architecture };
  return { family: family as 'manylinux' | 'musllinux', architecture, version: `${major}.${minor}` };
}

/** Of Linux, what machines the tags of a wheel's name are for: `['x86_64']`. */
export function architecturesIn(platform: string): string[] {
  const tags = platform.split('.').map(parsePlatformTag);
  return [...new Set(tags.flatMap((tag) => ('architecture' in tag ? [tag.architecture] : [])))];
}

/** Of versions like `2.17`; missing parts count as zero. */
export function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let place = 0; place < Math.max(a.length, b.length); place++) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Of several, some of them perhaps not known. */
export function newest(versions: readonly (string | undefined)[]): string | undefined {
  return versions.reduce((a, b) => (a === undefined || (b !== undefined && isNewer(b, a)) ? b : a), undefined);
}
