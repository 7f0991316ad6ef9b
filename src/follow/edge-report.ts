/**
 * What a site that follows a centre has of it: `kho pull --report` tells it, a disk carries it (`state.json`), and at the centre it lies in
 * `edges/`, where lock files do not know of old closures that are still in use far away.
 */
import { surveySite } from '../build-site.ts';
import { withIncluded } from '../config/included.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { readCatalogue } from '../sync-format/catalogue.ts';
import type { SyncHead } from '../sync-format/head.ts';
import { catalogueAtHand } from './bring-catalogue.ts';
import { filesHere } from './files-here.ts';
import { wholeInPull } from './pull-folder.ts';

export interface EdgeReport {
  /** Of the centre that it follows. */
  site: string;
  repository: string;
  /** Of the head that it saw last. */
  counter: number;
  /** Sha256 of all that it has of what its catalogue names, in order. */
  has: string[];
}

/** @param into the repository here. @throws {KhoError} as `surveySite` */
export async function edgeReport(config: SiteConfig, into: string, head: SyncHead): Promise<EdgeReport> {
  const text = catalogueAtHand(config.root, into);
  const { files } = text === undefined ? { files: [] } : readCatalogue(text);
  const sources = withIncluded(into, config.repositories);
  const here = filesHere(await surveySite(config), config).filter((file) => sources.has(file.repository));
  const there = new Set([...here.map(({ sha256 }) => sha256), ...wholeInPull(config.root)]);
  const has = files
    .filter(({ sha256 }) => there.has(sha256))
    .flatMap(({ sha256, sides = [] }) => [sha256, ...sides.map((side) => side.sha256)]);
  const { site, repository, counter } = head;
  return { site, repository, counter, has: [...new Set(has)].sort() };
}

/** @param edge its name, where it has one. @param told ISO 8601: told, never compared */
export function edgeReportText({ site, repository, counter, has }: EdgeReport, told: string, edge?: string): string {
  return `${JSON.stringify({ format: 1, edge, site, repository, counter, told, has }, undefined, 1)}\n`;
}
