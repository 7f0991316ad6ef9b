import type { RepositoryConfig } from './site-config.ts';

/** The names of a repository and of all that it includes, also by what it includes. */
export function withIncluded(name: string, repositories: readonly RepositoryConfig[]): Set<string> {
  const found = new Set([name]);
  // A Set goes on to what is added while it is walked through.
  for (const each of found)
    for (const included of repositories.find((one) => one.name === each)?.include ?? []) found.add(included);
  return found;
}
