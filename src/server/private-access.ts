import { whyNot } from '../access/token.ts';
import type { Asker } from '../access/token-store.ts';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import { CHALLENGE } from '../standards/http/challenge.ts';
import { type Answer, failureAnswer } from './answer.ts';
import { parseRequestPath } from './request-path.ts';
import type { Action } from './route.ts';

/** Which private repository an answer would be about; undefined for what anybody may read. */
export function privateRepositoryOf(
  target: string,
  action: Action,
  {
    privateRepositories,
    privateUserOf,
  }: { privateRepositories: ReadonlySet<string>; privateUserOf: (upstream: string) => string | undefined },
): string | undefined {
  if (privateRepositories.size === 0) return undefined;
  if (action.kind === 'upstream') {
    return privateUserOf(action.upstream);
  }
  const path = parseRequestPath(target);
  const first = typeof path === 'string' ? undefined : path.segments[0];
  const repository = 'repository' in action ? action.repository : first;
  return [repository, first].find((name) => name !== undefined && privateRepositories.has(name));
}

/**
 * The answer to who may not read a private repository, else undefined: whoever brings a token with the right `read` to it may. Always 401, so
 * that clients that ask first without a token (uv) ask again with one, and the same whether there is such a page or not.
 */
export function refuseReader(repository: string, asker: Asker, accept: string | undefined): Answer | undefined {
  const why = whyUnreadable(asker, repository);
  if (why === undefined) return undefined;
  const answer = failureAnswer(401, why, accept);
  return { ...answer, headers: privately([...answer.headers, ...CHALLENGE]) };
}

function whyUnreadable(asker: Asker, repository: string): string | undefined {
  switch (asker.is) {
    case 'token':
      return whyNot(asker.token, 'read', repository);
    case 'nobody':
      return 'This repository is private. Ask with a token as the password, and any name of a user';
    case 'expired':
      return `The token "${asker.name}" has expired`;
    case 'unknown':
      return asker.isMistyped ? 'This token was not copied whole' : 'This token is none of this site, or no longer';
  }
}

/** Headers of an answer that is not for everybody: no page of another site reads it, and no proxy keeps it for the next one. */
export function privately(headers: readonly string[]): string[] {
  const own: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name, value] = headers.slice(at, at + 2) as [string, string];
    if (name === 'Access-Control-Allow-Origin' || name === 'Cache-Control') continue;
    own.push(name, name === 'Vary' ? `${value}, Authorization` : value);
  }
  return [...own, 'Cache-Control', CACHE_CONTROL.private, ...(own.includes('Vary') ? [] : ['Vary', 'Authorization'])];
}
