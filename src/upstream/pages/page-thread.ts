import { OrderThread } from '../../jobs/order-thread.ts';
import { type PageOrder, type PageOutcome, runPageOrder } from './page-orders.ts';

/** A thread starts in some 100 ms, and pages come again soon where machines install. In milliseconds. */
const IDLE_MS = 60_000;
/** Less than other threads have, of what a page becomes: most of it is needed until the page is made, and collecting sooner costs little. */
const YOUNG_MB = 3;

/** Does what is to be done with pages in another thread, one thing after the other; what somebody waits for before what nobody does. */
export class PageThread {
  readonly #thread = new OrderThread<PageOrder, PageOutcome<PageOrder>>('upstream-pages', runPageOrder, {
    idleMs: IDLE_MS,
    youngMb: YOUNG_MB,
  });
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #whenIdle: (() => void)[] = [];
  #isBusy = false;

  /** @throws {KhoError} as `runPageOrder` */
  run<Order extends PageOrder>(order: Order): Promise<PageOutcome<Order>> {
    return new Promise((resolve, reject) => {
      const act = () =>
        this.#thread.run(order, givenOf(order)).then((outcome) => resolve(outcome as PageOutcome<Order>), reject);
      if (order.do === 'merge') this.#waiting.unshift(act);
      else this.#waiting.push(act);
      void this.#goOn();
    });
  }

  /** Resolves when nothing is to be done: for what nobody waits for. */
  async whenIdle(): Promise<void> {
    while (this.#isBusy) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  async #goOn(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let act = this.#waiting.shift(); act !== undefined; act = this.#waiting.shift()) await act();
    this.#isBusy = false;
    for (const wake of this.#whenIdle.splice(0)) wake();
  }
}

/** A page that came is of no use here any more; what is small shares its memory with others. */
function givenOf(order: PageOrder): ArrayBuffer[] {
  if (order.do !== 'keep') return [];
  const { buffer, byteLength } = order.bytes;
  return buffer instanceof ArrayBuffer && byteLength === buffer.byteLength ? [buffer] : [];
}
