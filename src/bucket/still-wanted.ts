import type { BucketSource } from './bucket-source.ts';

/** Those of the keys that the source has, of whatever unit: a file may be another project's by now. Looks at all units. */
export async function stillWanted(source: BucketSource, keys: ReadonlySet<string>): Promise<Set<string>> {
  const wanted = new Set<string>();
  if (keys.size === 0) return wanted;
  for (const unit of source.units()) for (const { key } of await unit.objects()) if (keys.has(key)) wanted.add(key);
  return wanted;
}
