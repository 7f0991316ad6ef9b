import { matchesName } from '../standards/name-pattern.ts';

/**
 * What a token may do. `new` is for names that the site has no project of yet; `replace` for other bytes under a name that is there, where
 * kho.toml allows that at all; `report` is of sites that follow this one, which tell what they have.
 */
export const RIGHTS = ['read', 'upload', 'new', 'yank', 'remove', 'replace', 'report'] as const;
export type Right = (typeof RIGHTS)[number];

/** Of repositories, and patterns of projects: all there are. */
export const ALL = '*';

/** Who has been let in, and for what. Nobody's name: of a build machine, or of a job. */
export interface Token {
  /** Stands in logs. */
  name: string;
  rights: readonly Right[];
  /** Their names; `*` for all. */
  repositories: readonly string[];
  /** As `projectPattern` gives them. They limit what is changed, not what is read: to install is to read what others made too. */
  projects: readonly string[];
  /** Milliseconds since 1970; absent where it holds until it is removed. */
  expiresMs?: number;
}

/**
 * Whether a token may do that.
 *
 * @param project normalized, from the file and never from what a request says; absent where no project is meant
 */
export function mayDo(token: Token, right: Right, repository: string, project?: string): boolean {
  return whyNot(token, right, repository, project) === undefined;
}

/** Why it may not, in a sentence without a full stop, for the one who holds it; undefined where it may. */
export function whyNot(token: Token, right: Right, repository: string, project?: string): string | undefined {
  const { name, rights, repositories, projects } = token;
  if (!rights.includes(right)) {
    const what = right === 'new' ? 'bring projects that are new to this site' : `${right} here`;
    return `The token "${name}" may not ${what}: its rights are ${rights.join(', ')}`;
  }
  if (!repositories.includes(ALL) && !repositories.includes(repository)) {
    return `The token "${name}" is not for the repository "${repository}", but for ${listed(repositories)}`;
  }
  if (right === 'read' || project === undefined || projects.some((pattern) => matchesName(pattern, project)))
    return undefined;
  return `The token "${name}" is not for the project "${project}", but for ${listed(projects)}`;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
