/** A part of a path that leads elsewhere than down, or nowhere: empty, `.`, `..`, or with a NUL. */
const ASTRAY = /(?:^|\/)\.{0,2}(?:\/|$)|\0/;

/** Whether a path from a site's root stays below it. What kho keeps of an earlier run is asked this before it is believed. */
export function leadsDown(path: unknown): path is string {
  return typeof path === 'string' && !ASTRAY.test(path);
}

/** Pages, lists, and what kho puts beside packages; with a repository's name before it or not. */
const OWN =
  /^(?:[^/]+\/)?(?:(?:simple|pypi|project)\/.+|packages\/.+\.metadata|(?:index\.html|changes\.xml|SHA256SUMS)(?:\.gz|\.br)?)$/;
const COPY = /^(?:[^/]+\/)?packages\/./;

/** Whether kho writes under such a path from a site's root, and so may remove it. @param copies packages too are kho's (--out) */
export function isOwnPath(path: string, copies: boolean): boolean {
  return leadsDown(path) && (OWN.test(path) || (copies && COPY.test(path)));
}
