/** Years 1970 to 9999: the form below knows no others. Disks do, in the times of broken files. */
const LATEST_MS = 253_402_300_799_999;

/**
 * The time as `yyyy-mm-ddThh:mm:ss[.fff]Z` (PEP 700). The fraction has three digits or is left out: pip under
 * Python 3.10 and older reads only 0, 3 or 6 of them.
 *
 * @param ms milliseconds since 1970, whole
 */
export function uploadTime(ms: number): string {
  let text = timeTexts.get(ms);
  if (text === undefined) {
    text = spell(ms);
    if (timeTexts.size === KNOWN_LIMIT) timeTexts.clear();
    timeTexts.set(ms, text);
  }
  return text;
}

/** Several pages show the same file; those of one project are made in a row. */
const timeTexts = new Map<number, string>();
const KNOWN_LIMIT = 1000;

function spell(ms: number): string {
  const text = new Date(Math.min(Math.max(ms, 0), LATEST_MS)).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -'.000Z'.length)}Z` : text;
}
