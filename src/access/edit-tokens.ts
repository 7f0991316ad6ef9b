/** What the commands for tokens change. The site's lock is held meanwhile; what is told of it is in the log before it is true. */
import { randomBytes } from 'node:crypto';
import { didYouMean } from '../config/did-you-mean.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { keepAside, readKept, replaceKept } from '../io/kept-state.ts';
import { appendEvent, type LogEvent } from '../log/append-event.ts';
import { holdSite } from '../publish/hold-site.ts';
import type { LockOptions } from '../publish/lock.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { accessToken, TOKEN_RANDOM_BYTES, tokenDigest } from '../standards/access-token.ts';
import { quoted } from '../standards/quoted.ts';
import { projectPattern } from './project-pattern.ts';
import type { Right } from './token.ts';
import { type KeptToken, namesOrAll, TOKEN_NAME, TOKENS } from './token-lines.ts';

/** Who changes them, for the log. */
export type Actor = Pick<LogEvent, 'who'>;

export interface NewToken {
  name: string;
  rights: readonly Right[];
  /** None: all. */
  repositories: readonly string[];
  /** Patterns as typed; none: all. */
  projects: readonly string[];
  expiresMs?: number;
}

/** A token that was made: the only moment at which it is known. */
export interface MadeToken {
  secret: string;
  token: KeptToken;
}

/** @throws {KhoError} USAGE for a name that is there already; LOCKED, WRITE */
export async function addToken(
  config: SiteConfig,
  wanted: NewToken,
  { who, now, ...lock }: Actor & LockOptions & { now: number },
): Promise<MadeToken> {
  const { name, rights, repositories, projects, expiresMs } = wanted;
  if (!TOKEN_NAME.test(name)) {
    throw new KhoError(
      'USAGE',
      `Cannot name a token ${quoted(name)}: names are letters, digits, . _ -, up to 64 of them`,
      {
        hint: 'name it for the machine or job that will have it, like ci-farm',
      },
    );
  }
  checkRepositories(config, repositories);
  const secret = accessToken(randomBytes(TOKEN_RANDOM_BYTES));
  const token: KeptToken = {
    name,
    sha256: tokenDigest(secret),
    rights: [...new Set(rights)],
    repositories: namesOrAll(repositories),
    projects: namesOrAll(projects.map(projectPattern)),
    madeMs: now,
    ...(expiresMs !== undefined && { expiresMs }),
  };
  await change(config, lock, (tokens) => {
    if (tokens.some((each) => each.name === name && isAlive(each, now))) {
      throw new KhoError('USAGE', `Cannot add the token "${name}": there is one of this name`, {
        hint: `for a new secret with the same rights: kho token rotate ${name}; for other rights: kho token remove ${name} first`,
      });
    }
    appendEvent(config.root, { event: 'token-add', ...(who && { who }), token: name, reason: scopeOf(token) });
    return [...tokens.filter((each) => each.name !== name), token];
  });
  return { secret, token };
}

/** @returns how many secrets of that name were in force. @throws {KhoError} USAGE for a name that is not there; LOCKED, WRITE */
export async function removeToken(
  config: SiteConfig,
  name: string,
  { who, ...lock }: Actor & LockOptions,
): Promise<number> {
  let removed = 0;
  await change(config, lock, (tokens) => {
    const kept = tokens.filter((each) => each.name !== name);
    removed = tokens.length - kept.length;
    if (removed === 0) throw noSuchToken(name, tokens);
    appendEvent(config.root, { event: 'token-remove', ...(who && { who }), token: name });
    return kept;
  });
  return removed;
}

/**
 * A new secret with the rights of the one before, which holds for a while yet, so that those who have it can be told.
 *
 * @throws {KhoError} USAGE for a name that is not there; LOCKED, WRITE
 */
export async function rotateToken(
  config: SiteConfig,
  name: string,
  overlapMs: number,
  { who, now, ...lock }: Actor & LockOptions & { now: number },
): Promise<MadeToken & { oldUntilMs: number }> {
  const secret = accessToken(randomBytes(TOKEN_RANDOM_BYTES));
  let made: KeptToken | undefined;
  const oldUntilMs = now + overlapMs;
  await change(config, lock, (tokens) => {
    const old = tokens.filter((each) => each.name === name).sort((a, b) => b.madeMs - a.madeMs)[0];
    if (!old) throw noSuchToken(name, tokens);
    const { expiresMs, madeMs } = old;
    made = {
      ...old,
      sha256: tokenDigest(secret),
      madeMs: now,
      ...(expiresMs !== undefined && { expiresMs: now + (expiresMs - madeMs) }),
    };
    appendEvent(config.root, {
      ...{ event: 'token-rotate', token: name },
      ...(who && { who }),
      reason: `the old one until ${new Date(oldUntilMs).toISOString()}`,
    });
    const others = tokens.filter((each) => each.name !== name);
    const until = Math.min(expiresMs ?? Number.POSITIVE_INFINITY, oldUntilMs);
    return [...others, ...(until > now ? [{ ...old, expiresMs: until }] : []), made];
  });
  return { secret, token: made as KeptToken, oldUntilMs };
}

/** In the order in which they were made. @throws {KhoError} SITE, READ */
export function listTokens(config: SiteConfig): { tokens: KeptToken[]; damaged: number } {
  inPlaceTarget(config);
  const { records, damaged } = readKept(config.root, TOKENS);
  return { tokens: records, damaged };
}

async function change(
  config: SiteConfig,
  lock: LockOptions,
  edit: (tokens: readonly KeptToken[]) => KeptToken[],
): Promise<void> {
  await holdSite(config, lock, () => {
    const { records, damaged } = readKept(config.root, TOKENS);
    const edited = edit(records);
    if (damaged > 0) keepAside(config.root, TOKENS);
    replaceKept(config.root, TOKENS, edited);
  });
}

function checkRepositories({ repositories }: SiteConfig, named: readonly string[]): void {
  const known = repositories.map(({ name }) => name);
  const wrong = named.find((name) => name !== '*' && !known.includes(name));
  if (wrong === undefined) return;
  throw new KhoError(
    'USAGE',
    `Cannot make a token for ${quoted(wrong)}: there is no such repository${didYouMean(wrong, known)}`,
    {
      hint: `the repositories of this site are ${known.join(', ')}`,
    },
  );
}

function noSuchToken(name: string, tokens: readonly KeptToken[]): KhoError {
  const known = [...new Set(tokens.map((each) => each.name))];
  return new KhoError('USAGE', `Cannot find the token ${quoted(name)}${didYouMean(name, known)}`, {
    hint: 'kho token list shows those that there are',
  });
}

function isAlive({ expiresMs }: KeptToken, now: number): boolean {
  return expiresMs === undefined || expiresMs > now;
}

function scopeOf({ rights, repositories, projects, expiresMs }: KeptToken): string {
  const until = expiresMs === undefined ? '' : ` until ${new Date(expiresMs).toISOString()}`;
  return `${rights.join(',')} to ${repositories.join(',')}, projects ${projects.join(',')}${until}`;
}
