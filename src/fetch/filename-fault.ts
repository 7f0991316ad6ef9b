import { fileKind } from '../scan/file-kinds.ts';

/** The longest name of a file that disks allow, in bytes. */
const LONGEST_NAME = 255;

/** Why a file is not brought under this name, in words that follow it: whoever wrote the index chose it. */
export function filenameFault(filename: string): string | undefined {
  if (/[\p{Cc}/\\\ufffd]/u.test(filename) || fileKind(filename).is !== 'package') return 'that is no name of a package';
  const bytes = Buffer.byteLength(filename);
  return bytes > LONGEST_NAME ? `its name has ${bytes} bytes, and disks take ${LONGEST_NAME}` : undefined;
}
