import type { ServerResponse } from 'node:http';

/** The body of an answer whose head is written, sent at the pace of who asked: nothing is held for it but what it is just being sent. */
export class ClientBody {
  /** Called when the client goes away. */
  onGone: () => void = () => {};
  readonly #response: ServerResponse;
  readonly #leave = () => {
    this.#isGone = true;
    this.#wake?.();
    this.onGone();
  };
  #isGone: boolean;
  #sent = 0;
  #wake: (() => void) | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
    const { socket } = response.req;
    this.#isGone = socket.destroyed;
    socket.once('close', this.#leave);
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** In bytes. */
  get sent(): number {
    return this.#sent;
  }

  /** Resolves when the client has taken it, or is gone; the bytes are not used after that, unless it is gone. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#isGone || bytes.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#response.write(bytes, () => resolve());
    });
    this.#wake = undefined;
    if (!this.#isGone) this.#sent += bytes.length;
  }

  /** All is sent. */
  async end(): Promise<void> {
    if (!this.#isGone) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#response.end(() => resolve());
      });
    }
    this.#free();
  }

  /** What was sent is not all, or is wrong: the connection ends, so that the client can tell. */
  cut(): void {
    this.#free();
    this.#response.destroy();
  }

  #free(): void {
    this.#response.req.socket.off('close', this.#leave);
  }
}
