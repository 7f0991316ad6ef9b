import { OrderThread } from '../../jobs/order-thread.ts';
import { type ArrivedFacts, type ArrivedFile, lookInto } from './look-into.ts';

/** Looks into files that have arrived, in a thread of its own, one after the other: a big one takes a second. */
export class LookThread {
  readonly #thread = new OrderThread<ArrivedFile, ArrivedFacts>('upstream-files', lookInto);
  #last: Promise<unknown> = Promise.resolve();

  run(file: ArrivedFile): Promise<ArrivedFacts> {
    const looked = this.#last.then(() => this.#thread.run(file));
    this.#last = looked.catch(() => {});
    return looked;
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }
}
