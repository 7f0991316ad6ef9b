/** Whether a header is what was written: some stores write blanks otherwise. */
export function hasSameText(one: string, other: string): boolean {
  return one.replaceAll(' ', '').toLowerCase() === other.replaceAll(' ', '').toLowerCase();
}
