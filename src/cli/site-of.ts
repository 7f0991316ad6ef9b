import { dirname } from 'node:path';
import { loadSite } from '../config/load-config.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';

/**
 * The site that a file lies in, if there is one.
 *
 * @param named the site's folder as the user named it
 * @throws {KhoError} when that is none, or the site around the file is in disorder
 */
export async function siteOf(path: string, named: string | undefined): Promise<SiteConfig | undefined> {
  try {
    return (await loadSite(named, dirname(path))).config;
  } catch (error) {
    if (!(error instanceof KhoError) || named !== undefined || error.code !== 'SITE') throw error;
    return undefined;
  }
}
