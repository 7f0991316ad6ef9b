import { mayDo, type Token } from '../access/token.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';

/** Which of a site's repositories, and of what is in them, whoever uploads may be told. To upload is not to read. */
export interface MayTell {
  /** Whether answers may name it: private ones only to who may read there, or who named it himself. */
  mayName(repository: string): boolean;
  /** Whether answers may tell what is in it. */
  mayRead(repository: string): boolean;
  /** Those that may be named. */
  repositories: RepositoryConfig[];
}

/** @param wanted the repository that the address names */
export function toldTo(token: Token, { repositories }: SiteConfig, wanted: string | undefined): MayTell {
  const readable = new Set(
    repositories.filter((each) => !each.private || mayDo(token, 'read', each.name)).map(({ name }) => name),
  );
  const mayName = (name: string) => name === wanted || readable.has(name);
  return {
    mayName,
    mayRead: (name) => readable.has(name),
    repositories: repositories.filter(({ name }) => mayName(name)),
  };
}

/** Whether a text names a repository that must not be named. */
export function isSilentOn(text: string, told: MayTell, { repositories }: SiteConfig): boolean {
  return repositories.every(
    ({ name }) => told.mayName(name) || !(text.includes(`"${name}"`) || text.includes(`${name}/`)),
  );
}
