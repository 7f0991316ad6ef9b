import { KhoError } from '../errors.ts';
import type { SiteConfig } from './site-config.ts';
import { placesLine, sitePlaces, userName } from './site-places.ts';

/**
 * What to say of a write that the disk refused, where folders of kho's belong to somebody else: most often root ran kho here once.
 *
 * @returns the error with the line that gives them back; any other as it is
 */
export function withOwnersLine(error: unknown, config: SiteConfig, runningAs = process.geteuid?.()): unknown {
  const code = error instanceof KhoError ? (error.cause as NodeJS.ErrnoException | undefined)?.code : undefined;
  if (!(error instanceof KhoError) || runningAs === undefined || (code !== 'EACCES' && code !== 'EPERM')) return error;
  const foreign = sitePlaces(config).filter(({ stat }) => stat.uid !== runningAs);
  if (foreign.length === 0) return error;
  const hint = `this is not ${userName(runningAs)}'s; give it to the user that runs kho, as root: ${placesLine(`chown ${userName(runningAs)}`, foreign).join(' && ')}`;
  return new KhoError(error.code, error.message, { cause: error.cause, hint });
}
