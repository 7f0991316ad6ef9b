import { isKeptText, keptFields } from '../io/kept-fields.ts';
import type { KeptFile } from '../io/kept-state.ts';
import { isSha256 } from '../standards/sha256.ts';
import { ALL, RIGHTS, type Right, type Token } from './token.ts';

/** A token as it is kept. Two lines of one name: the older one holds until it expires (`kho token rotate`). */
export interface KeptToken extends Token {
  /** Of the token itself, hexadecimal: nothing that is kept lets anybody in. */
  sha256: string;
  /** Milliseconds since 1970. */
  madeMs: number;
}

/** A line less lets nobody in: the others hold. */
export const TOKENS: KeptFile<KeptToken> = {
  name: 'kho.tokens',
  format: 1,
  whenDamaged: 'leave out',
  parse: parseToken,
  serialize: ({ expiresMs, madeMs, ...token }) =>
    JSON.stringify({
      ...token,
      made: new Date(madeMs).toISOString(),
      ...(expiresMs !== undefined && { expires: new Date(expiresMs).toISOString() }),
    }),
};

export const TOKEN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const RIGHT_NAMES: ReadonlySet<unknown> = new Set(RIGHTS);

function parseToken(line: string): KeptToken | undefined {
  const { name, sha256, rights, repositories, projects, made, expires } = keptFields(line);
  if (typeof name !== 'string' || !TOKEN_NAME.test(name)) return undefined;
  if (!isSha256(sha256)) return undefined;
  if (!isTexts(rights) || !isTexts(repositories) || !isTexts(projects)) return undefined;
  const madeMs = timeOf(made);
  const expiresMs = expires === undefined ? undefined : timeOf(expires);
  // A time that cannot be read must not make it hold for ever.
  if (madeMs === undefined || (expires !== undefined && expiresMs === undefined)) return undefined;
  return {
    ...{ name, sha256, repositories, projects, madeMs },
    rights: rights.filter((right): right is Right => RIGHT_NAMES.has(right)), // those of a newer kho are none here
    ...(expiresMs !== undefined && { expiresMs }),
  };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isKeptText);
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}

/** `*`, or names. */
export function namesOrAll(names: readonly string[]): string[] {
  return names.length === 0 || names.includes(ALL) ? [ALL] : [...new Set(names)];
}
