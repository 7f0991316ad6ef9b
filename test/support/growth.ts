/** How the time that something takes grows with what it reads. */

/**
 * So much larger the larger input is, and so much more time it may take. What grows with the square takes 256 times; what grows with
 * the length up to some 70, since the larger input does not fit into the processor's caches, and is collected: 100,000 tables in each other
 * are the worst of that.
 */
export const LARGER = 16;
export const MOST_TIMES = 96;

/** What is measured takes so long at least with the smaller input, in milliseconds: it is done as often as that needs. */
const LEAST_MS = 5;
const RUNS = 3;

/** What the collector of garbage does in other threads counts too, and comes as it likes: what grew too much is measured anew. A square shows each time. */
const ATTEMPTS = 5;

export interface Growth {
  times: number;
  smallMs: number;
  largeMs: number;
}

/**
 * Of the processor's time, the least of some runs of each size. With the larger input no more are made than it takes to see
 * that it grows no more than it may.
 *
 * @param make an input of about that many bytes
 */
export async function measureGrowth<T>(
  bytes: number,
  make: (bytes: number) => T,
  read: (input: T) => unknown,
): Promise<Growth> {
  let best = await measureOnce(bytes, make, read);
  for (let attempt = 1; attempt < ATTEMPTS && best.times > MOST_TIMES; attempt++) {
    const again = await measureOnce(bytes, make, read);
    if (again.times < best.times) best = again;
  }
  return best;
}

async function measureOnce<T>(bytes: number, make: (bytes: number) => T, read: (input: T) => unknown): Promise<Growth> {
  const [small, large] = [make(bytes), make(LARGER * bytes)];
  let turns = 1;
  const least = async (input: T, isEnough: (ms: number) => boolean) => {
    let ms = Number.POSITIVE_INFINITY;
    for (let run = 0; run < RUNS && !isEnough(ms); run++) ms = Math.min(ms, await cost(input, read, turns));
    return ms;
  };
  // The first rounds also warm it up.
  let smallMs = await least(small, () => false);
  for (; smallMs < LEAST_MS; smallMs = await least(small, () => false)) turns *= 2;
  const largeMs = await least(large, (ms) => ms <= MOST_TIMES * smallMs);
  return { times: largeMs / smallMs, smallMs, largeMs };
}

/** In milliseconds of the processor: others may be using it. */
async function cost<T>(input: T, read: (input: T) => unknown, turns: number): Promise<number> {
  const before = process.cpuUsage();
  for (let turn = 0; turn < turns; turn++) await read(input);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
