import { fstatSync } from 'node:fs';
import { verifyZip } from '../formats/verify-zip.ts';
import { fileSource, withFile } from '../inspect/inspect-file.ts';
import { readPackage } from '../inspect/read-package.ts';
import { FormatError } from '../problems.ts';

/** What keeps a file from being a whole package, in words that follow its name. It is the only check where no index names a hash. */
export async function packageFault(path: string, filename: string): Promise<string | undefined> {
  try {
    await withFile(path, undefined, async (descriptor) => {
      const source = fileSource(descriptor, fstatSync(descriptor).size);
      await readPackage(filename, source);
      if (/\.(?:whl|zip)$/.test(filename)) await verifyZip(source);
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return error.message;
  }
}
