import type { SiteConfig } from '../config/site-config.ts';
import { heldTemporaryName } from '../io/temporary-name.ts';
import { RowJournal } from '../publish/row-journal.ts';
import { Stager } from '../publish/stage.ts';
import { inPlaceTarget } from '../publish/target.ts';

/**
 * Several times that single projects are published, one after the other under one lock, with one journal and one hidden folder: whoever
 * makes files soon after others were deleted pays for that on ext4 (0.1 to 0.3 ms each), so what is needed again is not deleted.
 */
export class PublishRow {
  readonly journal: RowJournal;
  readonly #config: SiteConfig;
  readonly #staging = heldTemporaryName();
  #ended = Promise.resolve();

  constructor(config: SiteConfig) {
    this.#config = config;
    this.journal = new RowJournal(config.root);
  }

  /** Of hidden folders. */
  get stagingName(): string {
    return this.#staging.name;
  }

  /** Resolves when what is known of what was published last is on the disk. @throws {KhoError} WRITE */
  get ended(): Promise<void> {
    return this.#ended;
  }

  endsWith(ended: Promise<void>): void {
    this.#ended = ended;
    ended.catch(() => {}); // told of by whoever waits for it
  }

  /** To be called last, when `ended` has come to its end; the lock is still held. @throws {KhoError} WRITE */
  close(): void {
    try {
      const stager = new Stager(inPlaceTarget(this.#config), this.stagingName);
      stager.close(this.#config.repositories.map(({ name }) => name));
    } finally {
      this.#staging.giveBack();
    }
    this.journal.end();
  }
}
