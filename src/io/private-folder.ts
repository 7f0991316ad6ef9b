import { lstatSync } from 'node:fs';
import { KhoError } from '../errors.ts';

/**
 * Where the system does not show descriptors of folders (no /proc), paths are all there is: good enough where nobody else may write.
 *
 * @param below what is above it was named by whoever runs kho
 * @throws {KhoError} SITE naming the folder that others may write, or a link
 */
export function checkPrivate(path: string, below: string): undefined {
  if (process.platform === 'win32') return;
  for (let at = path; at.length >= below.length; at = at.slice(0, at.lastIndexOf('/'))) {
    const stats = lstatSync(at);
    if (stats.isDirectory() && (stats.mode & 0o022) === 0) continue;
    const why = stats.isDirectory() ? 'others may write there' : 'it is a link';
    throw new KhoError(
      'SITE',
      `Cannot use "${at}": ${why}, and this system has no /proc, without which that is not safe`,
      {
        hint: 'mount /proc, or let nobody else write there (chmod go-w)',
      },
    );
  }
}
