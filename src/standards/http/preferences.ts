/**
 * Lists of what a client prefers, with weights: Accept, Accept-Encoding.
 *
 * Source: RFC 9110, sections 12.4.2 (quality values), 12.5.1 and 12.5.3.
 */

/** No client sends more; the rest of a longer list is not read. */
const MOST_ITEMS = 32;

/** From each thing named, in lower case and without its other parameters, to its weight: 0 (never) to 1. */
export type Preferences = ReadonlyMap<string, number>;

/** What is no list of preferences is read as far as it makes sense: a client is never refused for a header's form. */
export function parsePreferences(header: string): Preferences {
  const preferences = new Map<string, number>();
  for (const item of header.split(',', MOST_ITEMS)) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    if (name !== '') preferences.set(name, Math.max(preferences.get(name) ?? 0, weight(parameters)));
  }
  return preferences;
}

function weight(parameters: readonly string[]): number {
  const parameter = parameters.find((text) => /^q\s*=/.test(text));
  if (parameter === undefined) return 1;
  const value = parameter.slice(parameter.indexOf('=') + 1).trim();
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(value) ? Number(value) : 1;
}

export const CODINGS = ['br', 'gzip', 'identity'] as const;
/** How a page's bytes are packed on their way. */
export type Coding = (typeof CODINGS)[number];

/**
 * The coding a client likes best.
 *
 * @param codings those that there are, the one to be taken among equals first: as a rule what packs tighter
 */
export function chooseCoding(header: string | undefined, codings: readonly Coding[] = CODINGS): Coding {
  if (header === undefined || header === '') return 'identity';
  const preferences = parsePreferences(header);
  const others = preferences.get('*') ?? 0;
  let best: Coding = 'identity';
  let bestWeight = 0;
  for (const coding of codings) {
    // Not to be named is no refusal of bytes as they are; but then any coding that is named comes first.
    const value = preferences.get(coding) ?? (coding === 'identity' ? Number.MIN_VALUE : others);
    if (value > bestWeight) [best, bestWeight] = [coding, value];
  }
  return best;
}
