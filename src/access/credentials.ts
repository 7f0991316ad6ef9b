/** In characters; Node allows 16 KiB for all headers together. */
const LONGEST = 4096;

/**
 * The secret that a request brings: as the password of any user (twine, uv and Poetry say `__token__`), as a user's name without a password
 * (pip's habit), or as a bearer (RFC 6750). White space around it comes from files that end in a line break.
 *
 * Source: RFC 7617 (Basic), RFC 6750 section 2.1 (Bearer).
 */
export function secretOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > LONGEST) return undefined;
  const [, scheme = '', value = ''] = /^([A-Za-z]{1,10}) +(\S+) *$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const user = colon < 0 ? pair : pair.slice(0, colon);
  const password = colon < 0 ? '' : pair.slice(colon + 1);
  return password.trim() || user.trim() || undefined;
}
