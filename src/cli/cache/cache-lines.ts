import type { SiteConfig } from '../../config/site-config.ts';
import type { CacheEntry } from '../../upstream/files/cache-survey.ts';
import type { OpenedCache } from '../../upstream/files/open-cache.ts';
import { counted, inBytes, inColumns, onDay } from '../amounts.ts';
import { bold, dim, type Line } from '../text.ts';

/** What is kept of one upstream. */
function totalsOf(name: string, entries: readonly CacheEntry[]) {
  const own = entries.filter(({ upstream }) => upstream === name);
  const of = (...kinds: CacheEntry['kind'][]) => own.filter(({ kind }) => kinds.includes(kind));
  const sizeOf = (some: readonly CacheEntry[]) => some.reduce((sum, { size }) => sum + size, 0);
  const files = of('package');
  return {
    name,
    projects: new Set(files.map(({ project }) => project)).size,
    files: files.length,
    bytes: sizeOf(own),
    fileBytes: sizeOf(of('package', 'metadata')),
    pages: of('page').length,
    pageBytes: sizeOf(of('page')),
    partBytes: sizeOf(of('part')),
    oldestMs: files.length > 0 ? Math.min(...files.map(({ cameMs }) => cameMs)) : undefined,
    usedMs: files.length > 0 ? Math.max(...files.map(({ usedMs }) => usedMs)) : undefined,
  };
}

/** Those of kho.toml, also where nothing is kept of them, and those of which something is left. */
function allTotals({ entries }: OpenedCache, { upstreams }: SiteConfig) {
  const names = new Set([
    ...upstreams.keys(),
    ...entries.filter(({ kind }) => kind !== 'other').map(({ upstream }) => upstream),
  ]);
  return [...names].sort().map((name) => totalsOf(name, entries));
}

export function cacheLines(cache: OpenedCache, config: SiteConfig): Line[] {
  const totals = allTotals(cache, config);
  if (totals.length === 0) return [`"${config.root}" reaches no other index: docs/upstreams.md`];
  const rows = totals.map(({ name, projects, files, fileBytes, pages, pageBytes, oldestMs, usedMs }) => [
    name,
    `${counted(files, 'file')} of ${counted(projects, 'project')}, ${inBytes(fileBytes)}`,
    `${counted(pages, 'page')}, ${inBytes(pageBytes)}`,
    oldestMs === undefined || usedMs === undefined ? '' : `since ${onDay(oldestMs)}, last served ${onDay(usedMs)}`,
  ]);
  const all = totals.reduce((sum, { bytes }) => sum + bytes, 0);
  const max = config.cache?.max;
  const lies = [...cache.records.all()].filter(({ lie }) => lie !== undefined);
  return [
    ...inColumns(rows).map(([name = '', ...cells]): Line => [bold(name), `  ${cells.join('  ').trimEnd()}`]),
    `${inBytes(all)}${max === undefined ? '' : ` of ${inBytes(max)}`} in all`,
    ...lies.map(({ path, lie }): Line => `held  upstream/${path}: ${lie?.what}`),
  ];
}

/** The one served least recently first: so they go. */
export function fileLines({ entries, records }: OpenedCache): Line[] {
  const files = entries.filter(({ kind }) => kind === 'package').sort((a, b) => a.usedMs - b.usedMs);
  const rows = files.map(({ path, size, cameMs, usedMs }) => [
    `upstream/${path}`,
    inBytes(size),
    `came ${onDay(cameMs)}`,
    `served ${onDay(usedMs)}`,
    hostOf(records.get(path)?.from),
  ]);
  return [
    '',
    ...inColumns(rows, [1]).map((cells): Line => [cells.slice(0, 2).join('  '), dim(`  ${cells.slice(2).join('  ')}`)]),
  ];
}

export function cacheJson(cache: OpenedCache, config: SiteConfig) {
  const { entries, records } = cache;
  return {
    site: config.root,
    bytes: entries.reduce((sum, { size }) => sum + size, 0),
    ...(config.cache?.max !== undefined && { max: config.cache.max }),
    upstreams: allTotals(cache, config).map(({ oldestMs, usedMs, ...rest }) => ({
      ...rest,
      ...(oldestMs !== undefined && { oldest: inIso(oldestMs) }),
      ...(usedMs !== undefined && { used: inIso(usedMs) }),
    })),
    files: entries
      .filter(({ kind }) => kind === 'package')
      .map(({ path, upstream, project, size, cameMs, usedMs }) => ({
        ...{ file: `upstream/${path}`, upstream, project, bytes: size, came: inIso(cameMs), used: inIso(usedMs) },
        ...(records.get(path)?.sha256 !== undefined && { sha256: records.get(path)?.sha256 }),
        ...(records.get(path)?.from !== undefined && { from: records.get(path)?.from }),
      })),
    held: [...records.all()].flatMap(({ path, lie }) => (lie ? [{ file: `upstream/${path}`, ...lie }] : [])),
  };
}

function hostOf(address: string | undefined): string {
  return address !== undefined && URL.canParse(address) ? new URL(address).host : '';
}

function inIso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
