import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { listFolder, look } from '../../io/open-file.ts';
import { METADATA, upstreamFolder } from '../../kept-upstream/kept-places.ts';
import type { UsedDays } from './used-days.ts';

/** What lies there of other indexes. */
export interface CacheEntry {
  /** From SITE/upstream, with `/`. */
  path: string;
  /** Name in kho.toml, as the folder has it. */
  upstream: string;
  kind: 'page' | 'package' | 'metadata' | 'part' | 'other';
  project?: string;
  /** In bytes. */
  size: number;
  /** When it came, in milliseconds since 1970. */
  cameMs: number;
  /** When it was last served, as far as anything tells: by kho's own notes, or by the disk, where a web server sent it. In milliseconds since 1970. */
  usedMs: number;
}

/** Looked at in a row: others are answered in between. */
const IN_A_ROW = 50;

/** All of SITE/upstream. Links are looked at as such, and count as nothing. */
export async function surveyCache(root: string, used: UsedDays): Promise<CacheEntry[]> {
  const entries: CacheEntry[] = [];
  const top = upstreamFolder(root);
  let seen = 0;
  const walk = async (path: string): Promise<void> => {
    for (const { name } of entriesOf(join(top, path))) {
      if (++seen % IN_A_ROW === 0) await turn();
      const below = path === '' ? name : `${path}/${name}`;
      const stats = lookAt(join(top, below));
      if (stats?.isDirectory()) await walk(below);
      else if (stats?.isFile()) {
        const usedMs = Math.max(used.lastUsedMs(below) ?? 0, stats.atimeMs, stats.mtimeMs);
        entries.push({ ...placeOf(below), path: below, size: stats.size, cameMs: stats.mtimeMs, usedMs });
      }
    }
  };
  await walk('');
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function placeOf(path: string): Pick<CacheEntry, 'upstream' | 'kind' | 'project'> {
  const [upstream = '', folder, ...rest] = path.split('/');
  const [project = '', filename] = rest;
  if (folder === 'pages') return { upstream, kind: 'page', project: project.split('.', 1)[0] ?? '' };
  if (folder === '.parts') return { upstream, kind: 'part' };
  if (folder !== 'packages' || filename === undefined) return { upstream, kind: 'other' };
  return { upstream, kind: filename.endsWith(METADATA) ? 'metadata' : 'package', project };
}

/** None where it cannot be looked into, or is gone. */
function entriesOf(folder: string): ReturnType<typeof listFolder> {
  try {
    return listFolder(folder);
  } catch {
    return [];
  }
}

function lookAt(path: string): ReturnType<typeof look> {
  try {
    return look(path);
  } catch {
    return undefined;
  }
}
