/** Machines as people name them on the command line. */
import { platformFault } from '../config/platform-faults.ts';
import { KhoError } from '../errors.ts';
import { FormatError } from '../problems.ts';
import { platformText, readPlatform } from '../standards/platforms/platform.ts';
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

/** As kho writes it: `glibc-armv7l` for `armhf`; a system and an architecture. @throws {KhoError} USAGE */
export function readPlatformName(written: string): string {
  const platform = readPlatform(written);
  if (platform?.architecture !== undefined) return platformText(platform);
  const why = platform ? 'it names no architecture' : `it ${platformFault(written)}`;
  throw new KhoError('USAGE', `Cannot use the platform ${quoted(written)}: ${why}`, {
    hint: 'name it like musl-x86_64, glibc-aarch64 or armhf',
  });
}
