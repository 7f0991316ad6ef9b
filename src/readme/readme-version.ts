/** Raised whenever the same description gives other HTML: what was rendered before is then rendered again. */
export const README_VERSION = 3;
