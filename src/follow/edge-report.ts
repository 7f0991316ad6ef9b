import { surveySite } from '../build-site.ts';
import { withIncluded } from '../config/included.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { readCatalogue } from '../sync-format/catalogue.ts';
import type { EdgeReport } from '../sync-format/edge-report.ts';
import type { SyncHead } from '../sync-format/head.ts';
import { catalogueAtHand } from './bring-catalogue.ts';
import { filesHere } from './files-here.ts';
import { wholeInPull } from './pull-folder.ts';

/** What is here of the catalogue that is believed. @param into the repository here. @throws {KhoError} as `surveySite` */
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
