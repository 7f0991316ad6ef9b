import type { Published } from './manifest.ts';

/**
 * Pages that were made while some of their packages could not be looked at, and so may lack what those say of themselves, are made again
 * when their project is next looked at. Those that stand as they were made before lack nothing.
 *
 * @param made gets pages without inputs
 */
export function makeAgainLater(made: Published, before: Published): void {
  for (const [path, [stamp, inputs]] of made) {
    if (!path.includes('packages/') && before.get(path)?.[1] !== inputs) made.set(path, [stamp, '']);
  }
}
