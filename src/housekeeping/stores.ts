/** What grows by itself beside the packages, and what of it is the oldest: the log, the trash, `originals/` and `incoming/refused/`. */
import { join } from 'node:path';
import type { LimitedStore, SiteConfig } from '../config/site-config.ts';
import { originalsTop } from '../intake/originals.ts';
import { refusedFolder } from '../intake/scan-incoming.ts';
import { keptFolder } from '../io/kept-folder.ts';
import { look } from '../io/open-file.ts';
import { walkFiles } from '../io/walk-files.ts';
import { logNames, logSize } from '../log/read-log.ts';
import { SIDE_FILES } from '../standards/side-files.ts';
import { trashDays, trashFolder } from './trash.ts';

/** A file and what belongs to it. */
export interface StoredGroup {
  /** Absolute. */
  paths: string[];
  /** In bytes. */
  size: number;
  /** When it came there, in milliseconds since 1970, as far as the disk tells. */
  sinceMs: number;
}

/** What stands beside a file and says something of it: `FILE.yanked`; `FILE.txt` says why it was refused. */
const BESIDE = new RegExp(`\\.(?:txt|${SIDE_FILES.join('|')})$`);

/** The oldest first. The log is cut in files: the one that is written to is none of them. @throws {KhoError} READ, SITE; an error of Node */
export function groupsIn(config: SiteConfig, store: LimitedStore): StoredGroup[] {
  switch (store) {
    case 'log':
      return logNames(config.root)
        .slice(0, -1)
        .map((name) => groupOf([join(keptFolder(config.root), name)]));
    case 'trash':
      return trashDays(config.root)
        .reverse()
        .flatMap((day) => {
          const sinceMs = Date.parse(day.slice(0, '2026-11-29'.length));
          return groupsBelow(join(trashFolder(config.root), day)).map((group) => ({ ...group, sinceMs }));
        });
    case 'originals':
      return byAge(groupsBelow(originalsTop(config.root)));
    case 'refused':
      return byAge(groupsBelow(refusedFolder(config.root)));
  }
}

/** In bytes. @throws as `groupsIn` */
export function storeSize(config: SiteConfig, store: LimitedStore): number {
  if (store === 'log') return logSize(config.root);
  return groupsIn(config, store).reduce((sum, { size }) => sum + size, 0);
}

function groupsBelow(folder: string): StoredGroup[] {
  const byFile = new Map<string, string[]>();
  if (look(folder)?.isDirectory()) {
    walkFiles(folder, (path, name) => {
      if (name.startsWith('.')) return; // on its way
      const file = path.replace(BESIDE, '');
      byFile.set(file, [...(byFile.get(file) ?? []), path]);
    });
  }
  return [...byFile.keys()].sort().map((file) => groupOf(byFile.get(file) ?? []));
}

/** What was moved there has its old time of change; that of its name is new. */
function groupOf(paths: string[]): StoredGroup {
  const stats = paths.flatMap((path) => look(path) ?? []);
  return {
    paths,
    size: stats.reduce((sum, { size }) => sum + size, 0),
    sinceMs: Math.max(0, ...stats.map(({ ctimeMs }) => ctimeMs)),
  };
}

function byAge(groups: StoredGroup[]): StoredGroup[] {
  return groups.sort((a, b) => a.sinceMs - b.sinceMs);
}
