import { type PageStamp, readPageStamp } from '../../io/page-stamp.ts';
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
    const stamp = readPageStamp(path);
    this.#last = stamp === undefined ? undefined : { header, page, path, stamp };
  }

  /** As `readKeptPage`. */
  read(root: string, place: UpstreamPlace): Kept | undefined {
    const last = this.#last;
    this.#last = undefined;
    const isSame = last?.path === keptPagePath(root, place) && readPageStamp(last.path) === last.stamp;
    return isSame ? last : readKeptPage(root, place);
  }
}
