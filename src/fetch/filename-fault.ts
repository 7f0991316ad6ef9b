import { fileKind } from '../scan/file-kinds.ts';
import { LONGEST_FILENAME } from '../standards/longest-filename.ts';

/** Why a file is not brought under this name, in words that follow it: whoever wrote the index chose it. */
export function filenameFault(filename: string): string | undefined {
  if (/[\p{Cc}/\\\ufffd]/u.test(filename) || fileKind(filename).is !== 'package') return 'that is no name of a package';
  const bytes = Buffer.byteLength(filename);
  return bytes > LONGEST_FILENAME ? `its name has ${bytes} bytes, and disks take ${LONGEST_FILENAME}` : undefined;
}
