/**
 * Wait for something until it is over, however it ends; and no longer than somebody has patience.
 *
 * @param leftMs how much patience is left, in milliseconds: asked at the start, and when that time is over
 * @param longestMs in all; 0 for no longer than it said at first
 */
export async function untilStill(work: Promise<unknown>, leftMs: () => number, longestMs: number): Promise<void> {
  const over = work.then(
    () => true,
    () => true,
  );
  const began = performance.now();
  for (let left = leftMs(); left > 0; left = Math.min(leftMs(), began + longestMs - performance.now())) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), left);
    });
    const isOver = await Promise.race([over, late]);
    clearTimeout(timer);
    if (isOver) return;
  }
}
