/** What the reader chose before. A page from a disk may have no memory. */
export function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(`kho-${key}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`kho-${key}`);
    else localStorage.setItem(`kho-${key}`, value);
  } catch {
    // It holds for this page only.
  }
}
