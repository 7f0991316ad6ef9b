import { isForSomeMachines, type JudgedFile, judgeFile, type Verdict } from '../catalog/judge-file.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';

export type Choice =
  /** It belongs into all of these; at least one. */
  | { is: 'for'; repositories: RepositoryConfig[] }
  /** Nothing tells for which of these it is; there may be none. */
  | { is: 'undecided'; between: RepositoryConfig[] }
  /** No repository may list it; why, by the name of each. */
  | { is: 'for none'; verdicts: Map<string, Verdict> };

/**
 * The repositories that a new file belongs into, judged by what it is.
 *
 * A wheel with binaries goes to each repository that says for which machines it is, and fits; those that take anything get what is
 * for no other. A pure file goes to those for pure files, and to each other one that does not include them.
 */
export function chooseRepositories(file: JudgedFile, config: SiteConfig): Choice {
  const candidates = config.repositories.filter(({ packages }) => packages !== undefined);
  const verdicts = new Map<string, Verdict>();
  for (const repository of candidates) {
    const verdict = judgeFile(file, repository, config.repositories);
    if (verdict) verdicts.set(repository.name, verdict);
  }
  const fitting = candidates.filter(({ name }) => !verdicts.has(name));
  if (fitting.length === 0) {
    return candidates.length > 0 ? { is: 'for none', verdicts } : { is: 'undecided', between: [] };
  }
  if (fitting.length > 1 && fitting.every(({ platforms }) => platforms === undefined)) {
    return { is: 'undecided', between: fitting };
  }
  return { is: 'for', repositories: isForSomeMachines(file.filename) ? forBinary(fitting) : forPure(fitting, config) };
}

function forBinary(fitting: RepositoryConfig[]): RepositoryConfig[] {
  const saying = fitting.filter(({ platforms }) => platforms !== undefined);
  return saying.length > 0 ? saying : fitting;
}

function forPure(fitting: RepositoryConfig[], { repositories }: SiteConfig): RepositoryConfig[] {
  const isPure = ({ platforms }: RepositoryConfig) => platforms !== undefined && platforms.length === 0;
  const pure = fitting.filter(isPure);
  const others = fitting.filter((repository) => !isPure(repository));
  const byName = new Map(repositories.map((repository) => [repository.name, repository]));
  const includesPure = ({ include }: RepositoryConfig): boolean =>
    include.flatMap((name) => byName.get(name) ?? []).some((each) => pure.includes(each) || includesPure(each));
  return [...pure, ...others.filter((repository) => !includesPure(repository))];
}
