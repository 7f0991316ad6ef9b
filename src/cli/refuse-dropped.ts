import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { KhoError } from '../errors.ts';
import { givenOptions } from './given-options.ts';

/** Attributes of options that say something of a bucket alone. */
export const OF_BUCKETS: readonly string[] = ['endpointUrl', 'profile', 'region', 'insecure', 'adopt'];

/**
 * Dropped, an endpoint or a CA would be missed where it is looked for last.
 *
 * @param dropped attributes of options that mean nothing here
 * @param where in words
 * @param hints by attribute; for others it is to be left out
 * @throws {KhoError} USAGE
 */
export function refuseDropped(
  command: CommandUnknownOpts,
  dropped: readonly string[],
  where: 'with a bucket' | 'without a bucket',
  hints: Readonly<Partial<Record<string, string>>> = {},
): void {
  const option = givenOptions(command).find((given) => dropped.includes(given.attributeName()));
  if (option === undefined) return;
  throw new KhoError('USAGE', `Cannot use ${option.long} ${where}`, {
    hint: hints[option.attributeName()] ?? 'leave it out',
  });
}
