/** Pseudo-random numbers that are the same on every machine: the corpora must not differ from run to run. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** In [0, limit), whole. */
  below(limit: number): number;
  /** Of the standard normal distribution. */
  normal(): number;
  pick<T>(from: readonly T[]): T;
}

/** The generator is Mulberry32, which is public domain and good enough for sizes and names. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: (from) => from[below(from.length)]!,
  };
}
