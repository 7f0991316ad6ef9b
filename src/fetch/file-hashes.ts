/** Hashes that an index names of its files: installers compare each that they know, whichever the index chose. */
import { hashFileAs } from '../inspect/inspect-file.ts';

/** By the name that indexes give it, its name in Node and its length in hexadecimal digits. */
const ALGORITHMS = {
  sha256: ['sha256', 64],
  sha512: ['sha512', 128],
  sha384: ['sha384', 96],
  sha224: ['sha224', 56],
  sha1: ['sha1', 40],
  md5: ['md5', 32],
  blake2b: ['blake2b512', 128],
} as const;

export type HashName = keyof typeof ALGORITHMS;
export type Hashes = { readonly [name in HashName]?: string };

/** Of others nobody here knows anything. */
export function hashesOf(entries: readonly (readonly unknown[])[]): Hashes {
  const hashes: { [name in HashName]?: string } = {};
  for (const [name, value] of entries) {
    const algorithm = typeof name === 'string' ? name.toLowerCase() : '';
    if (Object.hasOwn(ALGORITHMS, algorithm) && typeof value === 'string')
      hashes[algorithm as HashName] ??= value.toLowerCase();
  }
  return hashes;
}

/** The name of one that cannot be a hash: too short, or of other letters. */
export function brokenHash(hashes: Hashes): HashName | undefined {
  return namesOf(hashes).find((name) => {
    const text = hashes[name] ?? '';
    return text.length !== ALGORITHMS[name][1] || /[^0-9a-f]/.test(text);
  });
}

/** The name of one that the file does not have. @throws {FormatError} as `hashFile` */
export async function wrongHash(path: string, hashes: Hashes): Promise<HashName | undefined> {
  const names = namesOf(hashes);
  if (names.length === 0) return undefined;
  const computed = await hashFileAs(
    path,
    names.map((name) => ALGORITHMS[name][0]),
  );
  return names.find((name, index) => computed[index] !== hashes[name]);
}

function namesOf(hashes: Hashes): HashName[] {
  return Object.keys(hashes) as HashName[];
}
