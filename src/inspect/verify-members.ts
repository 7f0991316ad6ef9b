import { fstatSync } from 'node:fs';
import type { VerifyBudget } from '../formats/verify-zip.ts';
import { verifyZip } from '../formats/verify-zip.ts';
import { fileSource, withFile } from './inspect-file.ts';

/** What is unpacked of a file before it is listed: all of nearly every wheel, and of the largest as much as nobody waits for. */
export const BEFORE_LISTING = { unpackedBytes: 256 * 1024 * 1024, milliseconds: 2000 } as const;

/**
 * Unpack every member of a wheel or zip sdist, and compare it with its checksum. Other sdists tell by themselves: what is compressed as
 * one stream is read to its end when it is inspected.
 *
 * @param limits without them, all is unpacked, however long it takes
 * @returns false when the limits were reached before the end: what was unpacked is whole
 * @throws {FormatError} `damaged`, naming the first member that is not whole; `overlapping-members`, `not-readable`
 */
export async function verifyMembers(
  path: string,
  limits?: { unpackedBytes: number; milliseconds: number },
): Promise<boolean> {
  if (!/\.(?:whl|zip)$/.test(path)) return true;
  return withFile(path, undefined, (descriptor) =>
    verifyZip(fileSource(descriptor, fstatSync(descriptor).size), limits && budgetOf(limits)),
  );
}

function budgetOf({ unpackedBytes, milliseconds }: { unpackedBytes: number; milliseconds: number }): VerifyBudget {
  const started = performance.now();
  return { bytes: unpackedBytes, isOver: () => performance.now() - started > milliseconds };
}
