import { readFile } from '../../io/open-file.ts';
import { type PageStamp, readPageStamp } from '../../io/page-stamp.ts';
import { closeFolders } from '../../io/reach.ts';
import { findKeptFile, keptPagePath } from '../../kept-upstream/kept-page.ts';
import { sitePathOf, type UpstreamPlace, upstreamFolder } from '../../kept-upstream/kept-places.ts';
import { encodePath } from '../../render/links.ts';
import type { UpstreamListing } from '../files/asked-file.ts';

/** Answers remembered. */
const MOST_REMEMBERED = 5_000;

/** `unlisted`: the page does not list it. `lost`: it does, and the page of the upstream that it was made of does not. */
type ListingFound = UpstreamListing | 'unlisted' | 'lost';

/** What pages list, file by file: pages are read for it once, as long as they are the same on disk. */
export class ListedFiles {
  readonly #known = new Map<string, { stamps: readonly (PageStamp | undefined)[]; found: ListingFound }>();

  /** @param merged the file with the page that clients get, in JSON */
  find(root: string, place: UpstreamPlace, filename: string, merged: string): ListingFound {
    closeFolders(upstreamFolder(root)); // a folder that this process holds open may have been replaced since
    const stamps = [readPageStamp(merged), readPageStamp(keptPagePath(root, place))];
    const key = `${merged}\n${place.upstream}\n${filename}`;
    const known = this.#known.get(key);
    this.#known.delete(key);
    const isSame =
      known !== undefined && stamps.every((stamp, at) => stamp !== undefined && stamp === known.stamps[at]);
    const found = isSame ? known.found : read(root, place, filename, merged);
    this.#known.set(key, { stamps, found });
    if (this.#known.size > MOST_REMEMBERED) this.#known.delete(this.#known.keys().next().value as string);
    return found;
  }
}

function read(root: string, place: UpstreamPlace, filename: string, merged: string): ListingFound {
  const href = encodePath(`/${sitePathOf(place, filename)}`);
  if (!readFile(merged).includes(`${href}"`)) return 'unlisted';
  return findKeptFile(root, place, filename) ?? 'lost';
}
