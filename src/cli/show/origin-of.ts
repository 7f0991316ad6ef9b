import type { SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import { type Origin, originKey, readOrigins } from '../../names/origins.ts';
import { terminal } from '../terminal.ts';

/** Where kho fetched a file from; undefined for one of the site's own. Where that may not be read, the rest is shown all the same. */
export function originOf({ root }: SiteConfig, filename: string, sha256: string): Origin | undefined {
  try {
    const { origins, damaged } = readOrigins(root);
    const origin = origins.get(originKey({ filename, sha256 }));
    if (damaged > 0 && !origin) terminal.say(['kho: of some files it is not known any more where they came from']);
    return origin;
  } catch (error) {
    if (!(error instanceof KhoError)) throw error;
    terminal.say([`kho: it is not known where it came from: ${error.message}`]);
    return undefined;
  }
}
