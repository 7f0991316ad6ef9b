import type { ByteSource } from '../formats/byte-source.ts';
import { type VerifyBudget, verifyZip } from '../formats/verify-zip.ts';
import type { ZipEntry } from '../formats/zip.ts';

export interface VerifyLimits {
  unpackedBytes?: number;
  milliseconds?: number;
  /** Asked before each member: whether somebody waits for other things. */
  isOver?(): boolean;
}

/** What is unpacked of a file before it is listed: all of nearly every wheel, and of the largest as much as nobody waits for. */
export const BEFORE_LISTING = { unpackedBytes: 256 * 1024 * 1024, milliseconds: 2000 } as const;

/** Whether members are compressed one by one. What is compressed as one stream was read to its end when it was inspected. */
export function isArchiveOfMembers(path: string): boolean {
  return /\.(?:whl|zip)$/.test(path);
}

/**
 * Unpack every member of a wheel or zip sdist, and compare it with its checksum. Other sdists tell by themselves: what is compressed as
 * one stream is read to its end when it is inspected.
 *
 * @param limits without them, all is unpacked, however long it takes
 * @param entries see `verifyZip`
 * @returns false when the limits were reached before the end: what was unpacked is whole
 * @throws {FormatError} `damaged`, naming the first member that is not whole; `overlapping-members`
 */
export async function verifySource(
  filename: string,
  source: ByteSource,
  limits?: VerifyLimits,
  entries?: readonly ZipEntry[],
): Promise<boolean> {
  return !isArchiveOfMembers(filename) || verifyZip(source, limits && budgetOf(limits), entries);
}

function budgetOf({ unpackedBytes = Number.POSITIVE_INFINITY, milliseconds, isOver }: VerifyLimits): VerifyBudget {
  const started = performance.now();
  const isLate = () => milliseconds !== undefined && performance.now() - started > milliseconds;
  return { bytes: unpackedBytes, isOver: () => isLate() || isOver?.() === true };
}
