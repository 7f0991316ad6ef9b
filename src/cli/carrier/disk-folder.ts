import { realpathSync, statSync } from 'node:fs';
import { KhoError } from '../../errors.ts';

/** Where a disk is that the user named: absolute, and real. @throws {KhoError} READ */
export function diskFolder(path: string): string {
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory()) return real;
  } catch (cause) {
    throw new KhoError('READ', `Cannot find the disk "${path}"`, {
      cause,
      hint: 'mount it, and name the folder where it is',
    });
  }
  throw new KhoError('READ', `Cannot use the disk "${path}": it is no folder`, {
    hint: 'name the folder where it is mounted',
  });
}
