/** What a description may cost. All sizes in UTF-16 units of the text unless said otherwise. */

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

/** Code in one block, and in all blocks of a description together, that gets colours. */
export const LONGEST_COLOURED_BLOCK = 20_000;
export const MOST_COLOURED = 100_000;

/** Columns of a table, and what `colspan` may say. */
export const MOST_COLUMNS = 60;
