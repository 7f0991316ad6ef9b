/**
 * Which heads a site has made, of all its repositories, and the site's id: kept with what nothing can make again, since followers never
 * take a head with a lower counter, nor one of another site. A head stands there before anybody can ask for it.
 */
import { isKeptText, keptFields } from '../io/kept-fields.ts';
import { type KeptFile, putKept, readKept, replaceKept } from '../io/kept-state.ts';
import { FormatError } from '../problems.ts';
import { headSha256, readHead, type SyncHead } from '../sync-format/head.ts';

/** A head, and the text that it is. */
export interface MadeHead {
  head: SyncHead;
  text: string;
  /** Of the text. */
  sha256: string;
}

type SyncRecord = { site: string } | { head: MadeHead };

const KEPT_HEADS: KeptFile<SyncRecord> = {
  name: 'sync',
  format: 1,
  whenDamaged: 'leave out', // the published head tells the same, but for what came before it
  parse(line) {
    const { site, head } = keptFields(line);
    if (isKeptText(site)) return { site };
    const made = typeof head === 'string' ? madeHead(head) : undefined;
    return made && { head: made };
  },
  serialize: (record) => JSON.stringify('head' in record ? { head: record.head.text } : record),
};

/** Beyond so many, half of them are forgotten, the oldest first: at one a minute, that is two weeks. */
const MOST_HEADS = 20_000;

export interface KeptHeads {
  site?: string;
  /** By repository, the oldest first. */
  heads: ReadonlyMap<string, readonly MadeHead[]>;
}

/** Undefined for what is no head. */
export function madeHead(text: string): MadeHead | undefined {
  try {
    return { head: readHead(text), text, sha256: headSha256(text) };
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** @throws {KhoError} SITE, READ */
export function readKeptHeads(root: string): KeptHeads {
  const heads = new Map<string, MadeHead[]>();
  let site: string | undefined;
  for (const record of readKept(root, KEPT_HEADS).records) {
    if ('site' in record) site = record.site;
    else {
      const { repository } = record.head.head;
      const ofRepository = heads.get(repository);
      if (ofRepository) ofRepository.push(record.head);
      else heads.set(repository, [record.head]);
    }
  }
  return { ...(site !== undefined && { site }), heads };
}

/** The lock must be held. @param kept what stands there @param later gets what is to be flushed before anybody may ask for these @throws {KhoError} SITE, WRITE */
export function keepHeads(
  root: string,
  kept: KeptHeads,
  { site, made }: { site: string; made: readonly MadeHead[] },
  later: string[],
): void {
  const added: SyncRecord[] = [...(kept.site === site ? [] : [{ site }]), ...made.map((head) => ({ head }))];
  if (added.length === 0) return;
  const before = readKept(root, KEPT_HEADS).records;
  if (before.length + added.length <= MOST_HEADS) {
    putKept(root, KEPT_HEADS, added, later);
    return;
  }
  const newest = [...before, ...added].filter((record) => 'head' in record).slice(-MOST_HEADS / 2);
  replaceKept(root, KEPT_HEADS, [{ site }, ...newest]);
}
