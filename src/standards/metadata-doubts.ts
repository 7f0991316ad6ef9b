/**
 * Requires-Dist and Requires-Python that clients cannot read, and what they make of it.
 *
 * Source: PyPA "Dependency specifiers" (PEP 508), "Version specifiers" (PEP 440), beside what pip does: from 24.1 on it passes over a
 * wheel with a Requires-Dist that it cannot read; a Requires-Python that it cannot read it takes for one that any Python satisfies.
 */
import { asBuffer } from '../formats/byte-source.ts';
import { FormatError } from '../problems.ts';
import type { CoreMetadata } from './metadata.ts';
import { quoted } from './quoted.ts';
import { parseRequirement } from './requirement.ts';
import { isValidSpecifierSet } from './specifier.ts';

/** In words that follow the file's name; the first Requires-Dist that nobody can read. */
export function unreadableRequirement(
  { requiresDist }: Pick<CoreMetadata, 'requiresDist'>,
  bytes: Uint8Array,
): string | undefined {
  const found = requiresDist.find((text) => !isReadable(text)) ?? (hasEmptyOne(bytes) ? '' : undefined);
  if (found === undefined) return undefined;
  return `says Requires-Dist ${quoted(found)}, which is no requirement: pip from 24.1 on passes it over, and so does uv where it cannot mend it`;
}

/** In words that follow the file's name. */
export function unreadablePython({ requiresPython }: Pick<CoreMetadata, 'requiresPython'>): string | undefined {
  if (requiresPython === undefined || isValidSpecifierSet(requiresPython)) return undefined;
  return `says Requires-Python ${quoted(requiresPython)}, which is no version specifier: pip installs it on any Python, and uv passes it over where it cannot mend it`;
}

/** `parseMetadata` leaves out what is empty. */
function hasEmptyOne(metadata: Uint8Array): boolean {
  const bytes = asBuffer(metadata);
  const end = bytes.indexOf('\n\n');
  const headers = end < 0 ? bytes : bytes.subarray(0, end + 1);
  return EMPTY.some((text) => headers.includes(text));
}

const EMPTY = ['\nRequires-Dist:\n', '\nRequires-Dist: \n'];

/** The same few come again and again. */
const readable = new Set<string>();
const READABLE_LIMIT = 4096;
/** In characters. */
const REMEMBERED_LENGTH = 128;

function isReadable(text: string): boolean {
  if (readable.has(text)) return true;
  try {
    parseRequirement(text);
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
  if (text.length <= REMEMBERED_LENGTH) {
    if (readable.size >= READABLE_LIMIT) readable.clear();
    readable.add(text);
  }
  return true;
}
