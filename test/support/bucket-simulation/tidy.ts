import type { MemoryStore } from '../memory-store.ts';
import type { Draw } from './draw.ts';

const HANDS = { remove: 4, sync: 3, stray: 2, upload: 1, loseRecord: 1 };

/** What people do to a bucket who mean well. @returns what was done, for the trace */
export function tidyByHand(store: MemoryStore, draw: Draw): string {
  const keys = [...store.objects.keys()].filter((key) => !key.startsWith('.kho/')).sort();
  const shards = [...store.objects.keys()].filter((key) => key.startsWith('.kho/shards/')).sort();
  if (keys.length === 0) return 'nothing';
  const key = draw.pick(keys);
  const unmarked = { contentType: 'binary/octet-stream', cacheControl: '' };
  switch (draw.weighed(HANDS)) {
    case 'remove':
      store.drop(key);
      return `removes ${key}`;
    case 'sync':
      store.place(key, store.objects.get(key)!.bytes, unmarked);
      return `copies ${key} without its headers`;
    case 'stray': {
      const stray = draw.pick(['packages/alpha-0-py3-none-any.whl', 'simple/ghost/index.html']);
      store.place(stray, Buffer.from(`${stray} by hand`), unmarked);
      return `puts ${stray}`;
    }
    case 'upload':
      store.leaveUnfinished(keys.find((one) => one.endsWith('.whl')) ?? 'packages/alpha-0-py3-none-any.whl');
      return 'leaves half an upload';
    case 'loseRecord': {
      if (shards.length === 0) return 'nothing';
      const shard = draw.pick(shards);
      store.drop(shard);
      return `removes ${shard}`;
    }
  }
}
