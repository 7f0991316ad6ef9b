/** Whether the conditions of a store hold when many write at once. Asked one at a time, stores answer right that lose changes all the same. */
import { bytesBody } from './bytes-body.ts';
import { type ObjectHeaders, type ObjectStore, type PutCondition, StoreError } from './object-store.ts';

export interface RaceResult {
  /** Whether a condition that does not hold is refused when nobody else writes. */
  isHeeded: boolean;
  /** Those in which one writer won, as it should be, and those in which several did. */
  rounds: { won: number; lost: number };
}

export interface RaceOptions {
  /** How many write at once. */
  writers: number;
  rounds: number;
  headers: ObjectHeaders;
}

/** Many create the same object. @param keyOf of each round @throws {StoreError} */
export async function raceToCreate(
  store: ObjectStore,
  keyOf: (round: number) => string,
  options: RaceOptions,
): Promise<RaceResult> {
  const rounds = { won: 0, lost: 0 };
  for (let round = 0; round < options.rounds; round++)
    count(rounds, await race(store, keyOf(round), { ifAbsent: true }, round, options));
  const isHeeded = (await put(store, keyOf(0), 'late', { ifAbsent: true }, options)) === 'refused';
  return { isHeeded, rounds };
}

/** Many change the same object from what all have seen. @throws {StoreError} */
export async function raceToSwap(store: ObjectStore, key: string, options: RaceOptions): Promise<RaceResult> {
  const rounds = { won: 0, lost: 0 };
  const first = await store.put(key, bytesBody('first'), options.headers);
  for (let round = 0; round < options.rounds; round++) {
    const seen = await store.head(key);
    if (seen === undefined)
      throw new StoreError('refused', `Cannot read "${store.name}/${key}": it was written, and is gone`);
    count(rounds, await race(store, key, { ifEtag: seen.etag }, round, options));
  }
  const isHeeded = (await put(store, key, 'late', { ifEtag: first }, options)) === 'refused';
  return { isHeeded, rounds };
}

function count(rounds: RaceResult['rounds'], winners: number): void {
  if (winners === 1) rounds.won += 1;
  if (winners > 1) rounds.lost += 1;
}

/** @returns how many were told that they wrote */
async function race(
  store: ObjectStore,
  key: string,
  condition: PutCondition,
  round: number,
  options: RaceOptions,
): Promise<number> {
  // Each other bytes than ever before: what comes back has its old ETag again, and then two may rightly win.
  const textOf = (writer: number) => `round ${round}, writer ${writer}`;
  const answers = await Promise.all(
    Array.from({ length: options.writers }, (_, writer) => put(store, key, textOf(writer), condition, options)),
  );
  return answers.filter((answer) => answer === 'written').length;
}

/** A store that says "later" has not written: some say so to all but one. @throws {StoreError} for any other fault */
async function put(
  store: ObjectStore,
  key: string,
  text: string,
  condition: PutCondition,
  { headers }: RaceOptions,
): Promise<'written' | 'refused' | 'busy'> {
  try {
    return (await store.put(key, bytesBody(text), headers, condition)) === 'refused' ? 'refused' : 'written';
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'busy') return 'busy';
    throw error;
  }
}
