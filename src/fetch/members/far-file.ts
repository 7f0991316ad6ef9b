import { type HttpClient, Unreachable } from '../http-client.ts';
import { networkFault } from '../network-fault.ts';
import { type FileState, partOf, rangeHeaders, setValidator } from '../range-request.ts';
import { shownAddress } from '../upstream-address.ts';

/** The server does not send the part that was asked for: it knows none, has another file by now, or lies. */
export class NoSuchPart extends Error {}

/** A file on a server, of which parts come: one that breaks off goes on where it broke, however often, as long as it brings something. */
export class FarFile {
  readonly size: number;
  /** In bytes: of all parts, what came. */
  crossed = 0;
  readonly #url: URL;
  readonly #client: HttpClient;
  readonly #signal: AbortSignal | undefined;
  readonly #state: FileState = {};

  constructor(url: URL, size: number, client: HttpClient, signal?: AbortSignal) {
    this.#url = url;
    this.size = size;
    this.#client = client;
    this.#signal = signal;
  }

  /**
   * @param from the first byte, and @param to the one behind the last
   * @param take gets it in pieces, in order
   * @throws {NoSuchPart}; {KhoError} UPSTREAM; what `take` throws
   */
  async bring(from: number, to: number, take: (bytes: Uint8Array) => Promise<void> | void): Promise<void> {
    let at = from;
    const takeNext = async (bytes: Uint8Array) => {
      at += bytes.length;
      this.crossed += bytes.length;
      if (at > to) throw new NoSuchPart(`${shownAddress(this.#url)} sends more than was asked for`);
      await take(bytes);
    };
    await this.#client.retried(
      async () => {
        if (at < to) await this.#bringOnce(at, to, takeNext);
        if (at < to) throw new Unreachable(`${shownAddress(this.#url)} ended ${to - at} bytes too early`);
      },
      () => at,
    );
  }

  /** @throws as `bring` */
  async read(from: number, to: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    await this.bring(from, to, (bytes) => void pieces.push(bytes));
    return Buffer.concat(pieces);
  }

  async #bringOnce(from: number, to: number, take: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    this.#signal?.throwIfAborted();
    const reply = await this.#client.get(this.#url, rangeHeaders(from, this.#state, to - 1));
    const part = partOf(reply);
    if (part?.from !== from || part.to >= to || part.total !== this.size) {
      reply.discard();
      throw new NoSuchPart(`${shownAddress(this.#url)} does not send the part that was asked for`);
    }
    if (this.#state.validator === undefined) setValidator(this.#state, reply);
    const pieces = reply.body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { value, done } = await next(pieces, this.#url);
        this.#signal?.throwIfAborted();
        if (done) return;
        await take(value);
      }
    } finally {
      reply.discard();
    }
  }
}

/** @throws {Unreachable} where it breaks off: what is done with the bytes throws its own */
async function next(pieces: AsyncIterator<Uint8Array>, url: URL): Promise<IteratorResult<Uint8Array, undefined>> {
  try {
    return await pieces.next();
  } catch (error) {
    throw new Unreachable(`${shownAddress(url)} breaks off: ${networkFault(error)}`);
  }
}
