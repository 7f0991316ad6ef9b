import type { ByteSource } from '../formats/byte-source.ts';
import type { PackageContents } from './package-contents.ts';
import { readSdist } from './read-sdist.ts';
import { readWheel } from './read-wheel.ts';

/**
 * Open a wheel or an sdist, whichever its name says it is. Memory does not grow with the file.
 *
 * @param filename without folders
 * @throws {FormatError} what is wrong with it
 */
export function readPackage(filename: string, source: ByteSource): Promise<PackageContents> {
  return filename.endsWith('.whl') ? readWheel(filename, source) : readSdist(filename, source);
}
