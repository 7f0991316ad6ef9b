import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/** A thread that has had nothing to do for so long is quiet, in milliseconds. */
const QUIET_MS = 500;
/** Less than that is not worth looking through, in bytes. */
const WORTH_TIDYING = 24 * 1024 * 1024;

let quiet: NodeJS.Timeout | undefined;
let collect: (() => void) | undefined;

/**
 * To be called after work that leaves much garbage: V8 looks for it when it needs room, and a thread that has nothing to do never does. The
 * thread that answers clients has no time for that.
 */
export function tidyWhenQuiet(): void {
  if (isMainThread) return;
  clearTimeout(quiet);
  quiet = setTimeout(tidy, QUIET_MS).unref();
}

function tidy(): void {
  if (getHeapStatistics().total_heap_size < WORTH_TIDYING) return;
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
