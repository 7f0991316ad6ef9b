import { basename } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { type Drift, DriftList } from '../drift.ts';
import { TOMBSTONES } from '../intake/tombstones.ts';
import { readKept } from '../io/kept-state.ts';
import type { LogEventName } from '../log/log-files.ts';
import { readLog } from '../log/read-log.ts';
import { FormatError } from '../problems.ts';
import { fromRoot, inPlaceTarget, type Target } from '../publish/target.ts';
import { quoted } from '../standards/quoted.ts';
import { isSigned, publishedHead } from '../sync/heads-on-disk.ts';
import { type MadeHead, readKeptHeads } from '../sync/kept-heads.ts';
import { readCatalogueText } from '../sync/make-catalogues.ts';
import { type CatalogueFile, readCatalogue } from '../sync-format/catalogue.ts';
import { HEAD_PATH } from '../sync-format/head.ts';
import { BUILD } from './ways-out.ts';

const ASK_WHY = 'ask who changed the site; lock files that name the old bytes refuse the new ones';
const LOST_STATE =
  'if .kho-keep was lost or put back from a backup, the next build goes on from there; else ask who wrote it';

/** Events that say why a file is there no longer. */
const WORDS: ReadonlySet<LogEventName> = new Set(['remove', 'move', 'prune', 'malware']);

/**
 * What became of repositories that are followed since catalogues of them are kept: files that were rewritten under their names, or went
 * without a word, and heads that do not follow from those before.
 *
 * @returns sorted by file
 * @throws {KhoError} SITE, READ
 */
export function checkHistory(config: SiteConfig): Drift[] {
  const target = inPlaceTarget(config);
  const drifts = new DriftList(BUILD);
  const kept = readKeptHeads(config.root);
  const isExplained = explanations(config.root);
  for (const { name, sync } of config.repositories) {
    if (sync === undefined) continue;
    const heads = kept.heads.get(name) ?? [];
    checkChain(name, heads, target, drifts);
    // What was never signed nobody has followed.
    const seen = heads.filter((head) => sync === 'plain' || isSigned(target, name, head));
    checkCatalogues(name, seen, { target, drifts, isExplained });
  }
  return drifts.sorted();
}

function checkChain(repository: string, heads: readonly MadeHead[], target: Target, drifts: DriftList): void {
  const path = fromRoot(repository, HEAD_PATH);
  const known = new Set<string>();
  for (const [place, { head, sha256 }] of heads.entries()) {
    const before = heads[place - 1]?.head;
    if (before && head.counter <= before.counter) {
      drifts.add(path, `counts back: ${head.counter} came after ${before.counter}`, LOST_STATE);
    }
    // The oldest that is known may follow one that is forgotten by now.
    if (place > 0 && head.before !== undefined && !known.has(head.before)) {
      drifts.add(path, `of counter ${head.counter} follows a head that this site did not make`, LOST_STATE);
    }
    known.add(sha256);
  }
  const published = publishedHead(target, repository);
  if (published && !known.has(published.sha256)) {
    drifts.add(path, `of counter ${published.head.counter} is none that this site made`, LOST_STATE);
  }
}

interface HistoryContext {
  target: Target;
  drifts: DriftList;
  isExplained: (file: CatalogueFile) => boolean;
}

/** Of each two that are still there, one after the other. */
function checkCatalogues(
  repository: string,
  heads: readonly MadeHead[],
  { target, drifts, isExplained }: HistoryContext,
): void {
  let before: Map<string, CatalogueFile> | undefined;
  for (const { head } of heads) {
    const text = readCatalogueText(target, repository, head.catalogue.sha256);
    if (text === undefined) continue; // old ones go
    const { files, quarantined } = readFiles(text);
    for (const [place, file] of before ?? []) {
      const now = files.get(place);
      const path = fromRoot(file.repository ?? repository, `packages/${file.path}`);
      if (now && now.sha256 !== file.sha256) {
        drifts.add(
          path,
          `was rewritten between heads: ${quoted(file.sha256)} became ${quoted(now.sha256)} with counter ${head.counter}`,
          ASK_WHY,
        );
      }
      if (!now && !quarantined.has(file.project) && !isExplained(file)) {
        drifts.add(
          path,
          `went without a word with counter ${head.counter}: it was neither removed, moved nor pruned by kho`,
          ASK_WHY,
        );
      }
    }
    before = files;
  }
}

function readFiles(text: string): { files: Map<string, CatalogueFile>; quarantined: Set<string> } {
  try {
    const { files, statuses } = readCatalogue(text);
    const quarantined = statuses.flatMap(({ project, status }) => (status === 'quarantined' ? [project] : []));
    return {
      files: new Map(files.map((file) => [`${file.repository ?? ''}/${file.path}`, file])),
      quarantined: new Set(quarantined),
    };
  } catch (error) {
    if (error instanceof FormatError) return { files: new Map(), quarantined: new Set() };
    throw error;
  }
}

/** Whether the record of what was done, or a tombstone, tells of these bytes under this name. */
function explanations(root: string): HistoryContext['isExplained'] {
  const told = new Set<string>();
  for (const { events } of readLog(root)) {
    for (const { event, file, sha256 } of events)
      if (WORDS.has(event)) told.add(`${basename(file ?? '')} ${sha256 ?? ''}`);
  }
  for (const { filename, sha256 } of readKept(root, TOMBSTONES).records) told.add(`${filename} ${sha256}`);
  return ({ path, sha256 }) => told.has(`${basename(path)} ${sha256}`);
}
