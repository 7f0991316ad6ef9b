import { look } from '../../io/open-file.ts';
import { type PageStamp, pageStamp } from '../../io/page-stamp.ts';
import { type KeptHeader, keepPage, keptPagePath, readKeptPage } from '../../kept-upstream/kept-page.ts';
import type { UpstreamPlace } from '../../kept-upstream/kept-places.ts';
import type { UpstreamPage } from '../../upstream-model.ts';

interface Kept {
  header: KeptHeader;
  page: UpstreamPage;
}

/** The page that was kept last, in memory until it is asked for: as a rule it is merged next, and need not be read again. */
export class LastKept {
  #last: (Kept & { path: string; stamp: PageStamp }) | undefined;

  /** @throws {KhoError} WRITE, SITE */
  keep(root: string, page: UpstreamPage, header: KeptHeader): void {
    keepPage(root, page, header);
    const path = keptPagePath(root, page);
    const stats = look(path);
    this.#last = stats && { header, page, path, stamp: pageStamp(stats) };
  }

  /** As `readKeptPage`. */
  read(root: string, place: UpstreamPlace): Kept | undefined {
    const last = this.#last;
    this.#last = undefined;
    if (last === undefined || last.path !== keptPagePath(root, place)) return readKeptPage(root, place);
    const stats = look(last.path);
    return stats && pageStamp(stats) === last.stamp ? last : readKeptPage(root, place);
  }
}
