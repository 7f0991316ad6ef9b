/** Reads advisories in another thread: PyPI's keep one busy for some seconds, in which others would wait for answers. */
import { type ReadOrder, readHere } from '../advisories/read-advisories.ts';
import { anchor, closeFolders } from '../io/reach.ts';
import { trustOwnerOf } from '../io/trusted-owners.ts';
import { Lanes } from '../jobs/lanes.ts';
import { OrderThread } from '../jobs/order-thread.ts';

/** They change seldom, and the memory that was used is better given back at once. In milliseconds. */
const IDLE_MS = 1_000;

/** @throws {KhoError} as `readHere` */
export async function runReadOrder(order: ReadOrder): Promise<void> {
  closeFolders();
  anchor(order.root, 'own');
  trustOwnerOf(order.root);
  try {
    await readHere(order);
  } finally {
    closeFolders();
  }
}

export class AdvisoryThread {
  readonly #thread = new OrderThread<ReadOrder, void>('advisories', runReadOrder, { idleMs: IDLE_MS });
  readonly #inTurn = new Lanes(1);

  /** One after the other. @throws {KhoError} as `readHere` */
  run(order: ReadOrder): Promise<void> {
    return this.#inTurn.run(() => this.#thread.run(order));
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
