import { memorySource } from '../../src/formats/byte-source.ts';
import type { PackageContents } from '../../src/inspect/package-contents.ts';
import { readPackage } from '../../src/inspect/read-package.ts';
import { FormatError, type ProblemCode } from '../../src/problems.ts';

export function readBytes(filename: string, bytes: Uint8Array): Promise<PackageContents> {
  return readPackage(filename, memorySource(bytes));
}

/** Why a package is held, as `code: message`; `fine` when it is not. Throws what is a bug. */
export async function whyHeld(filename: string, bytes: Uint8Array): Promise<`${ProblemCode}: ${string}` | 'fine'> {
  try {
    await readBytes(filename, bytes);
    return 'fine';
  } catch (error) {
    if (error instanceof FormatError) return `${error.code}: ${error.message}`;
    throw error;
  }
}
