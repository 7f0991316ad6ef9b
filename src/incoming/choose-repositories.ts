import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import type { FileFacts } from '../inspect/file-facts.ts';

/**
 * The repositories that a file from incoming/ may be for, judged by what it is: exactly one decides.
 * So far nothing of the file tells one repository from another, and each that has packages of its own may be meant.
 */
export function chooseRepositories(_facts: FileFacts, config: SiteConfig): RepositoryConfig[] {
  return config.repositories.filter(({ packages }) => packages !== undefined);
}
