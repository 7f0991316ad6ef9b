/**
 * Do it for each, so many at once. When one fails, no other begins; those under way end first.
 *
 * @throws what the first of them threw
 */
export async function atOnce<Item>(
  items: Iterable<Item>,
  most: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  let failure: { error: unknown } | undefined;
  const lane = async () => {
    for (;;) {
      const next = failure ? undefined : left.next();
      if (next === undefined || next.done) return;
      try {
        await work(next.value);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: most }, lane));
  if (failure) throw failure.error;
}
