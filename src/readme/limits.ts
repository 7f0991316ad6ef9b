/**
 * What a description may cost, in work and never in time: the same text gives the same page on every machine. The worst text that
 * keeps within them costs a few times what an honest one of its size does (test/beside/readme-attacks.test.ts).
 *
 * All sizes in UTF-16 units of the text unless said otherwise.
 */

/** So much of a description is shown, in bytes of UTF-8; what follows is cut off, and a note says so. */
export const MOST_SHOWN_BYTES = 256 * 1024;

/** Tags inside of one another; deeper ones are left out, and what is in them stays. */
export const DEEPEST_NESTING = 40;

/** The rendered page part. One that would be longer is shown as plain text instead. */
export const LONGEST_HTML = 4 * 1024 * 1024;

/** An address in a link. A longer one is no link. A reference can repeat it as often as the text has room for its name. */
export const LONGEST_ADDRESS = 2048;

/** `title` and `alt`. */
export const LONGEST_ATTRIBUTE = 300;

/** Code in one block, in one line of it, and in all blocks of a description together, that gets colours: many languages read a line again from each of its words. */
export const LONGEST_COLOURED_BLOCK = 20_000;
export const LONGEST_COLOURED_LINE = 500;
export const MOST_COLOURED = 100_000;

/** What the shortest block counts for. */
export const LEAST_COLOURED = 100;

/** Parts that Markdown is taken apart into, blocks and what is in them. Tables with a line for each 40 bytes of the text have as many. */
export const MOST_TOKENS = 150_000;

/** Of all links of a Markdown text together: a reference repeats an address that is written once. */
export const LONGEST_ATTRIBUTES = 2 * 1024 * 1024;

/** Footnotes of a text, and places that name them. */
export const MOST_FOOTNOTES = 500;

/** How often a reStructuredText may be looked through for the end of tables that are none; from then on it has no tables. */
export const MOST_LOOKED_THROUGH = 4;

/** Columns of a table, and what `colspan` may say. */
export const MOST_COLUMNS = 60;

/** Headings in all tables of contents of a text together: each of these could list all. */
export const MOST_LISTED = 1000;
