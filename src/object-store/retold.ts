import { Readable } from 'node:stream';

/**
 * The same stream, but for what it breaks with. Whoever destroys it destroys `source`, read or not.
 *
 * @param retell what broke `source`, in other words
 */
export function retold(source: Readable, retell: (error: unknown) => Error): Readable {
  const told = Readable.from(
    (async function* () {
      try {
        yield* source;
      } catch (error) {
        throw retell(error);
      }
    })(),
    { objectMode: false },
  );
  // What nobody has begun to read, is not ended by the loop above.
  return told.once('close', () => source.destroy());
}
