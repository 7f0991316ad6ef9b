import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import type { PackagesListing } from '../intake/packages-listing.ts';
import { freshListing } from '../intake/taking-run.ts';

/** What packages/ of each repository held at the last upload: looked through again only where somebody else has brought or taken something. */
export class KnownPackages {
  /** By packages/, absolute. */
  readonly #listings = new Map<string, PackagesListing>();

  /** The lock must be held. @throws as `PackagesListing` */
  listingOf(repository: RepositoryConfig, config: SiteConfig): PackagesListing {
    const packages = repository.packages as string;
    const known = this.#listings.get(packages);
    if (known?.stands(config.ignore ?? [])) return known;
    const listing = freshListing(repository, config);
    this.#listings.set(packages, listing);
    return listing;
  }

  /** To be called when all is placed, and before the lock is given back. */
  placed(): void {
    for (const listing of this.#listings.values()) listing.restamp();
  }
}
