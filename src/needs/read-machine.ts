/** Machines as people name them on the command line. */
import { KhoError } from '../errors.ts';
import { FormatError } from '../problems.ts';
import { parseTargetPython, type TargetPython } from '../standards/platforms/target-machine.ts';
import { quoted } from '../standards/quoted.ts';

/** @throws {KhoError} USAGE */
export function readPython(written: string): TargetPython {
  try {
    return parseTargetPython(written);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new KhoError('USAGE', `Cannot use this Python: ${error.message}`, { hint: 'name it like --python 3.11' });
  }
}

/** `musl-x86_64`: a system and an architecture. @throws {KhoError} USAGE */
export function readPlatformName(written: string): string {
  const text = written.toLowerCase() === 'armhf' ? 'glibc-armv7l' : written.toLowerCase();
  if (/^(?:glibc|musl|macos|windows)-[a-z0-9_]+$/.test(text)) return text;
  throw new KhoError('USAGE', `Cannot use the platform ${quoted(written)}`, {
    hint: 'name it like --for musl-x86_64, --for glibc-aarch64 or --for armhf',
  });
}
