/** Addresses of files, as pages give them. */

/** The folder that a page is in: what its relative links start from. */
export interface PageFolder {
  repository: string;
  /** Folders below the repository's folder: 2 for `simple/foo/index.html`. */
  depth: number;
}

/** Where a package's bytes are. */
export interface FilePlace {
  /** `.` is the site itself. */
  repository: string;
  /** From that repository's packages/, with `/`. */
  path: string;
}

const NEEDS_NO_ENCODING = /^[\w.~!/-]*$/;

/**
 * A path for use in a URL: all but letters, digits and `- _ . ~ ! /` becomes percent-encoded UTF-8. Stricter than a URL
 * needs: S3 reads a bare `+` as a space, and no quote or bracket is left that could end an attribute.
 */
export function encodePath(path: string): string {
  if (NEEDS_NO_ENCODING.test(path)) return path;
  return path.split('/').map(encodeSegment).join('/');
}

/** The way from a page's folder to a package file, percent-encoded, without a fragment: `../../packages/F`. */
export function fileHref(page: PageFolder, file: FilePlace): string {
  return encodePath(filePath(page, file));
}

/** As `fileHref`, not encoded: a path on disk, with `/`. */
export function filePath(page: PageFolder, file: FilePlace): string {
  const toRepository = '../'.repeat(page.depth);
  if (file.repository === page.repository) return `${toRepository}packages/${file.path}`;
  const toSite = page.repository === '.' ? toRepository : `${toRepository}../`;
  return toSite + pathInSite(file);
}

/** The absolute address of a package file. @param siteUrl without a trailing slash */
export function fileUrl(siteUrl: string, file: FilePlace): string {
  return `${siteUrl}/${encodePath(pathInSite(file))}`;
}

/** The absolute address of a repository's folder, with a trailing slash. @param siteUrl without a trailing slash */
export function repositoryUrl(siteUrl: string, repository: string): string {
  return repository === '.' ? `${siteUrl}/` : `${siteUrl}/${encodePath(repository)}/`;
}

function pathInSite(file: FilePlace): string {
  return file.repository === '.' ? `packages/${file.path}` : `${file.repository}/packages/${file.path}`;
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
