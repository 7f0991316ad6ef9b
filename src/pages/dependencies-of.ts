import { FormatError } from '../problems.ts';
import type { Dependency } from '../render/web/dependencies.ts';
import { normalizeName } from '../standards/name.ts';

/** What a release needs, in the order of its metadata; what is no requirement (PEP 508) is left out. */
export function dependenciesOf(requiresDist: readonly string[], lists: (name: string) => boolean): Dependency[] {
  return requiresDist.flatMap((requirement): Dependency[] => {
    const name = requiredName(requirement);
    if (name === undefined) return [];
    const extra = /\bextra\s*==\s*(?:'([^']*)'|"([^"]*)")/.exec(requirement.slice(requirement.indexOf(';') + 1));
    const extraName = requirement.includes(';') ? (extra?.[1] ?? extra?.[2]) : undefined;
    return [{ name, requirement, isThere: lists(name), ...(extraName !== undefined && { extra: extraName }) }];
  });
}

/** Normalized; undefined where a requirement begins with no name. */
export function requiredName(requirement: string): string | undefined {
  const [written] = /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(requirement) ?? [];
  if (written === undefined) return undefined;
  try {
    return normalizeName(written);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
