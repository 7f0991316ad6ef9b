/** What file systems of Linux take, in bytes (NAME_MAX). */
export const LONGEST_FILENAME = 255;
