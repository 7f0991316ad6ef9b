/**
 * A sorted list cut into parts that stay as they are when something comes or goes elsewhere: where a part begins, the name that it begins
 * with decides, and not how many come before it. So one added project rewrites one file of search data and one page of names.
 */

export interface Shard<T> {
  /** Part of its files' names: `1` for the first, else ten digits made of the name that it begins with. */
  key: string;
  items: T[];
}

/** Names in one part: so many at least, unless it is the last, and never more. */
const LEAST = 250;
const MOST = 1000;

/** Of the names beyond the least, one in so many begins a part. */
const ONE_IN = 256;

/** At least one part, though it be empty. @param list sorted by name, each name once */
export function shardsOf<T extends { readonly name: string }>(list: readonly T[]): Shard<T>[] {
  let shard: Shard<T> = { key: '1', items: [] };
  const shards = [shard];
  for (const item of list) {
    const { length } = shard.items;
    if (length >= MOST || (length >= LEAST && hashOf(item.name, 0) % ONE_IN === 0)) {
      shard = { key: keyOf(item.name), items: [] };
      shards.push(shard);
    }
    shard.items.push(item);
  }
  return shards;
}

/** 64 bits, and never `1`. */
function keyOf(name: string): string {
  const part = (seed: number) => hashOf(name, seed).toString(36).padStart(7, '0');
  return (part(1) + part(2)).slice(-10);
}

/** FNV-1a, with a mix at its end; it has to be the same for ever, and no secret. */
function hashOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
