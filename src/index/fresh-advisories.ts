import { readAdvisories } from '../advisories/read-advisories.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { PROBLEM_HINTS, type Problem } from '../problems.ts';

/**
 * Reads the advisories that kho.toml names anew if they have changed; an address is not asked here.
 *
 * @returns a note where they cannot be read: what was read before goes on to count
 * @throws {KhoError} SITE, WRITE
 */
export async function freshAdvisories({ root, advisories }: SiteConfig): Promise<Problem[]> {
  if (!advisories) return [];
  try {
    await readAdvisories(root, advisories.from);
    return [];
  } catch (error) {
    if (!(error instanceof KhoError) || error.code !== 'READ') throw error;
    const code = 'advisories-not-read';
    return [{ code, file: advisories.from, what: error.message, hint: PROBLEM_HINTS[code] }];
  }
}
