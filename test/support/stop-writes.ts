import { writeHook } from '../../src/io/disk.ts';

export class Stopped extends Error {}

const noHook = writeHook.before;

/** From write number `last` on nothing reaches the disk any more, clean-up included: as after SIGKILL. */
export function stopAfter(last: number): { writes: number } {
  const count = { writes: 0 };
  writeHook.before = () => {
    count.writes++;
    if (count.writes > last) throw new Stopped();
  };
  return count;
}

/** Let writes reach the disk again. */
export function letWrite(): void {
  writeHook.before = noHook;
}

/** As `stopAfter`; says whether `run` came to its end. Whatever else it throws goes on. */
export async function runStopped(last: number, run: () => Promise<unknown>): Promise<boolean> {
  stopAfter(last);
  try {
    await run();
    return true;
  } catch (error) {
    if (error instanceof Stopped) return false;
    throw error;
  } finally {
    letWrite();
  }
}
