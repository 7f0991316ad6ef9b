/** What a token lets somebody change, and know of. */
import { mayDo, type Right, type Token, whyNot } from '../access/token.ts';
import type { SiteConfig } from '../config/site-config.ts';
import type { Bounds } from '../housekeeping/find-packages.ts';
import { readingsOf } from '../housekeeping/selection.ts';
import type { ChangeAction } from './change-order.ts';

/** A token is not for that. The message is a sentence without a full stop, for the one who holds it. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

/** In the repository where a file is. */
const RIGHT_OF: Readonly<Record<ChangeAction, Right>> = {
  yank: 'yank',
  unyank: 'yank',
  remove: 'remove',
  restore: 'remove',
  move: 'remove',
};

/** Answers may speak of public repositories, and of those that the token is for. @param to where files are to be moved @throws {Forbidden} where the token has no such right at all: then nobody looks what there is */
export function warrantOf(
  token: Token,
  action: ChangeAction,
  { repositories }: SiteConfig,
  to?: string,
): Required<Bounds> {
  const right = RIGHT_OF[action];
  for (const needed of [right, ...(to === undefined ? [] : (['upload'] as const))]) {
    if (!token.rights.includes(needed))
      throw new Forbidden(whyNot(token, needed, '.') ?? `The token "${token.name}" may not ${needed}`);
  }
  const sees = new Set(
    repositories
      .filter(({ name, private: isPrivate }) => !isPrivate || mayDo(token, right, name) || mayDo(token, 'read', name))
      .map(({ name }) => name),
  );
  const check = (needed: Right, repository: string, filename: string) => {
    for (const project of projectsOf(filename)) {
      const why = whyNot(token, needed, repository, project);
      if (why !== undefined) throw new Forbidden(why);
    }
  };
  return {
    sees,
    permit: ({ repository, filename }) => {
      check(right, repository, filename);
      if (to !== undefined) check('upload', to, filename);
    },
  };
}

/** All that a name may be read as: of old sdists there are several, and the token has to be for each. What nobody can read is of a project of no name. */
function projectsOf(filename: string): string[] {
  const projects = readingsOf(filename).map(({ project }) => project);
  return projects.length === 0 ? [''] : [...new Set(projects)];
}
