/** A disk that knows no links, or no modes, or cannot be flushed: whatever changes it that way is refused. */
import { KhoError } from '../../src/errors.ts';
import { writeHook } from '../../src/io/disk.ts';
import type { WriteKind } from '../../src/io/write-error.ts';

/** What stands behind a WRITE of such a disk. */
export function refusal(code: string): KhoError {
  return new KhoError('WRITE', 'Cannot write', { cause: Object.assign(new Error(code), { code }) });
}

/** Until `letWrite`. */
export function refuse(kinds: readonly WriteKind[], code: string): void {
  writeHook.before = (kind) => {
    if (kinds.includes(kind)) throw refusal(code);
  };
}
