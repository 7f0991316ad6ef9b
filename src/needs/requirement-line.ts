/** One requirement as pip takes it apart: its marker, and whether an index has it. */
import { FormatError } from '../problems.ts';
import { type Marker, parseMarker } from '../standards/marker.ts';
import { PACKAGE_ENDINGS } from '../standards/package-suffixes.ts';
import { quoted } from '../standards/quoted.ts';
import { withoutCredentials } from '../standards/without-credentials.ts';

/** pip takes names of archives in any case. */
const ENDS_AS_PACKAGE = new RegExp(`\\.(?:${PACKAGE_ENDINGS})$`, 'i');
const ENDS_AS_PACKAGE_WITH_EXTRAS = new RegExp(`\\.(?:${PACKAGE_ENDINGS})\\[`, 'i');

/** Of an address, `;` may be a part; pip splits before it looks at anything else. @throws {FormatError} */
export function splitMarker(written: string): { text: string; marker?: Marker } {
  const separator = isAddress(written) ? '; ' : ';';
  const at = written.indexOf(separator);
  if (at < 0) return { text: written };
  const text = written.slice(0, at).trim();
  const marker = written.slice(at + separator.length).trim();
  if (marker === '') return { text };
  try {
    return { text, marker: parseMarker(marker) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const why = `${quoted(withoutCredentials(written))} is no valid requirement: ${error.message}`;
    throw new FormatError('bad-metadata', why);
  }
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z+]*:/i.test(text);
}

/** A folder, a file or an address, which pip takes as it is: a slash makes a folder of it, but in the address after `name @`. */
export function isOutside(text: string): boolean {
  const [first = ''] = text.split(/\s/);
  if (isAddress(first) || /^[./~]/.test(first) || /^[A-Za-z]:[\\/]/.test(first)) return true;
  if (text.split('@', 1)[0]?.includes('/')) return true;
  return !text.includes('@') && isArchive(first);
}

/** `a.whl`, or `a.whl[b]`. */
function isArchive(name: string): boolean {
  if (!name.endsWith(']')) return ENDS_AS_PACKAGE.test(name);
  const inner = name.slice(0, -1);
  return ENDS_AS_PACKAGE_WITH_EXTRAS.test(inner.slice(inner.lastIndexOf(']') + 1));
}
