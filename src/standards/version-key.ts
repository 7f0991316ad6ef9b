/** A version in parts. All integers are decimal text without leading zeros, since they have no upper bound. */
export interface ParsedVersion {
  epoch: string;
  /** `1.2.0`: trailing zeros are kept. */
  release: string;
  pre?: { stage: 'a' | 'b' | 'rc'; number: string };
  post?: string;
  dev?: string;
  /** Lower case, parts joined by dots: `cu118.5`. */
  local?: string;
}

/**
 * A text per version such that comparing the texts with `<` and `===` is comparing the versions by PEP 440.
 * So a version is read once, however often it is compared, and a key can group equal versions in a Map.
 *
 * The trick: at each place of the key the characters that may stand there sort as PEP 440 wants it, and
 * everything that ends a list (a release, a local label) sorts below everything that continues it.
 */
export function keyOf({ epoch, release, pre, post, dev, local }: ParsedVersion): string {
  let key = integerKey(epoch);
  for (const part of withoutTrailingZeros(release).split('.')) key += integerKey(part);
  if (pre) key += STAGE_KEYS[pre.stage] + integerKey(pre.number);
  else key += dev !== undefined && post === undefined ? BEFORE_ALL_STAGES : FINAL;
  key += post === undefined ? '0' : `1${integerKey(post)}`;
  key += dev === undefined ? '1' : `0${integerKey(dev)}`;
  return key + localKey(local);
}

/** Below every valid version: an integer's key starts with a letter. */
export function legacyVersionKey(text: string): string {
  return `!${text}`;
}

/** Digits, so that the end of a release sorts below one more integer, which starts with a letter. */
const BEFORE_ALL_STAGES = '0';
const STAGE_KEYS = { a: '1', b: '2', rc: '3' } as const;
const FINAL = '4';

/** `A7`, `B42`: the letter counts the digits. From 26 digits on `Z`, the count as such a key, then the digits. */
function integerKey(digits: string): string {
  if (digits.length > 25) return `Z${integerKey(String(digits.length))}${digits}`;
  return String.fromCharCode(64 + digits.length) + digits;
}

/** No label sorts first; then text below integers; then the shorter label. `.` sorts below all that a part may hold. */
function localKey(local: string | undefined): string {
  if (local === undefined) return '0';
  const parts = local.split('.').map((part) => (/^[0-9]+$/.test(part) ? `b${integerKey(part)}` : `a${part}.`));
  return `1${parts.join('')}!`;
}

/** 1.0.0 and 1 are equal. A loop, since a regex would look at a hostile run of zeros again and again. */
function withoutTrailingZeros(release: string): string {
  let end = release.length;
  while (release.endsWith('.0', end)) end -= 2;
  return release.slice(0, end);
}
