/** For a command: pages of other indexes are asked for now, whatever is kept. What serves the site finds what came. */
import { join } from 'node:path';
import type { SiteConfig } from '../../config/site-config.ts';
import { isAskedFor } from '../../config/upstream-settings.ts';
import { readKeptLines, writeKeptLines } from '../../io/kept-lines.ts';
import { readKeptHeader } from '../../kept-upstream/kept-page.ts';
import type { UpstreamPlace } from '../../kept-upstream/kept-places.ts';
import { makeStateFolder, stateFolder } from '../../publish/state-folder.ts';
import type { NormalizedName } from '../../standards/name.ts';
import type { PullPages } from './pull-pages.ts';
import { REFRESH_MS } from './upstream-pages.ts';

/** `same`: it is as it was. `soon`: it was asked for within ten seconds. `not asked`: no upstream of a repository is for it. */
export interface RefreshedPage {
  project: NormalizedName;
  /** Absent where nobody was asked. */
  upstream?: string;
  is: 'changed' | 'same' | 'absent' | 'unavailable' | 'soon' | 'own' | 'not asked';
  /** How many it lists, where there is one. */
  files?: number;
}

/**
 * As clients of each repository would have it asked for: the first upstream that has it, and no other.
 *
 * @param now milliseconds since 1970
 * @throws {KhoError} READ where it cannot be told whose names are; SITE, WRITE
 */
export async function refreshPages(
  config: SiteConfig,
  pull: Pick<PullPages, 'refresh'>,
  projects: readonly NormalizedName[],
  now: number,
): Promise<RefreshedPage[]> {
  const asked = readAsked(config.root, now);
  const found: RefreshedPage[] = [];
  for (const project of projects) {
    const known = new Map<string, RefreshedPage>();
    for (const { upstreams = [] } of config.repositories) {
      for (const upstream of upstreams) {
        if (!isAskedFor(config.upstreams.get(upstream) ?? {}, project)) continue;
        const page = known.get(upstream) ?? (await refresh(config, pull, { project, upstream }, asked, now));
        known.set(upstream, page);
        if (page.is !== 'absent') break;
      }
    }
    found.push(...(known.size > 0 ? known.values() : [{ project, is: 'not asked' as const }]));
  }
  makeStateFolder(config.root);
  writeKeptLines(
    askedPath(config.root),
    [...asked].map(([key, ms]) => `${ms} ${key}`),
  );
  return found;
}

async function refresh(
  { root }: SiteConfig,
  pull: Pick<PullPages, 'refresh'>,
  place: UpstreamPlace,
  asked: Map<string, number>,
  now: number,
): Promise<RefreshedPage> {
  const key = `${place.upstream}/${place.project}`;
  if (asked.has(key)) return { ...place, is: 'soon' };
  const before = readKeptHeader(root, place);
  const page = await pull.refresh(place);
  if (page.is === 'own') return { project: place.project, is: 'own' };
  asked.set(key, now);
  if (page.is !== 'page') return { ...place, is: page.is };
  if (page.isStale) return { ...place, is: 'unavailable', files: page.header.files };
  const { bodySha256, files } = page.header;
  return { ...place, is: before?.bodySha256 === bodySha256 ? 'same' : 'changed', files };
}

function askedPath(root: string): string {
  return join(stateFolder(root), 'refreshed');
}

/** Within ten seconds: each process that refreshes goes by it. */
function readAsked(root: string, now: number): Map<string, number> {
  try {
    const pairs = readKeptLines(askedPath(root)).lines.map((line): [string, number] => {
      const [ms, key = ''] = line.split(' ');
      return [key, Number(ms)];
    });
    return new Map(pairs.filter(([, ms]) => ms <= now && now - ms < REFRESH_MS));
  } catch {
    return new Map(); // never
  }
}
