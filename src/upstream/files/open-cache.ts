import type { SiteConfig } from '../../config/site-config.ts';
import { CacheRoom } from './cache-room.ts';
import { type CacheEntry, surveyCache } from './cache-survey.ts';
import { KeptFiles } from './kept-files.ts';
import type { TrimPlan } from './plan-trim.ts';
import { UpstreamRecords } from './upstream-records.ts';
import { UsedDays } from './used-days.ts';

/** What is kept of other indexes, for who looks at it from outside; a server may serve it meanwhile. */
export interface OpenedCache {
  entries: CacheEntry[];
  records: UpstreamRecords;
  /** Let go what was served least recently, until no more than so many bytes are kept. @throws {KhoError} where it cannot be told what locks name */
  trimTo(bytes: number): Promise<TrimPlan>;
}

export async function openCache(config: SiteConfig): Promise<OpenedCache> {
  const records = new UpstreamRecords(config.root);
  const used = new UsedDays(config.root);
  const room = new CacheRoom(() => config, new KeptFiles(config.root, records), used);
  return { entries: await surveyCache(config.root, used), records, trimTo: (bytes) => room.trimTo(bytes) };
}
