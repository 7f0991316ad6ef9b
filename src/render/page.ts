/**
 * Raised whenever the bytes of any page change for the same catalog (also by a change in standards/simple-api/), so that
 * an upgrade of kho renders all pages again. It is part of every page's `inputs`.
 */
export const RENDER_VERSION = 9;

/** What a repository's pages need to know beside the catalog. */
export interface RenderContext {
  /** The repository whose pages these are; `.` is the site itself. */
  repository: string;
  /** The site's root as clients see it, without a trailing slash. Absent: addresses stay relative to the page. */
  siteUrl?: string;
}

/**
 * A page that may have to be written. `inputs` holds all that its content depends on: as long as it is the same,
 * and the file on disk is the one kho wrote, the page is not rendered again.
 */
export interface Page {
  /** From the repository's folder, with `/`: `simple/foo/index.html`. */
  path: string;
  inputs: string;
  render(): string | Promise<string>;
}
