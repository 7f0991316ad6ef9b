import { hash } from 'node:crypto';
import { freeBytes } from '../io/free-bytes.ts';
import { ReceivedFile } from '../io/received-file.ts';
import type { ReceivedContent } from './order.ts';
import { type ContentSink, FormFault } from './read-form.ts';
import { type LentFolder, ReceivingFolders } from './receiving-folders.ts';

/** A file up to this size stays in memory until it is taken in, so that nobody writes and reads it on the way. In bytes. */
const SMALL = 1024 * 1024;

/** There is room for so much at first, and twice as much each time that there is not. In bytes. */
const FIRST_ROOM = 64 * 1024;

/** Of all that stays in memory at the same time; what comes beyond goes to the disk at once. In bytes. */
const ALL_SMALL = 16 * 1024 * 1024;

/** The disk is asked for room each time that so much has come; in bytes. */
const ASK_DISK_BYTES = 64 * 1024 * 1024;

/** The name of what comes; no client's. */
const PART = 'part';

const folders = new ReceivingFolders();
let inMemory = 0;

export interface ContentOptions {
  /** Where a folder of kho's own is made, for what does not stay in memory. Absolute. */
  folder: string;
  /** On the disk, in bytes. */
  keepFree: number;
}

/** The file of an upload, as it comes. */
export class ContentSoFar implements ContentSink {
  readonly #options: ContentOptions;
  /** Pieces are copied into it: who sends a byte at a time must not make a million of them. */
  #room = new Uint8Array(0);
  /** Of what is in there. */
  #size = 0;
  /** So much of `inMemory` is this one's; the room itself may have been given away. */
  #held = 0;
  #disk: { folder: LentFolder; file: ReceivedFile } | undefined;
  #askAt = ASK_DISK_BYTES;
  #isOver = false;

  constructor(options: ContentOptions) {
    this.#options = options;
  }

  /** @throws {FormFault} 507; {KhoError} WRITE */
  async append(bytes: Uint8Array): Promise<void> {
    if (this.#isOver) throw new Error('nobody takes it any more');
    if (!this.#disk && this.#keep(bytes)) return;
    const { file } = this.#disk ?? (await this.#spill());
    if (file.size >= this.#askAt) {
      this.#askAt += ASK_DISK_BYTES;
      if (freeBytes(this.#options.folder) < this.#options.keepFree)
        throw new FormFault(507, 'There is no room left on the disk of this site');
    }
    await file.append(bytes);
  }

  /** No more comes. Once. @throws {KhoError} WRITE */
  async end(): Promise<{ content: ReceivedContent; sha256: string }> {
    if (this.#disk) {
      const { folder, file } = this.#disk;
      await file.end();
      return { content: { folder: folder.path, part: PART }, sha256: file.sha256() };
    }
    const bytes = this.#room.subarray(0, this.#size);
    return { content: { bytes }, sha256: hash('sha256', bytes) };
  }

  /** Resolves when what is not in memory is on the disk. @throws {KhoError} WRITE */
  async flush(): Promise<void> {
    await this.#disk?.file.flush();
  }

  /** To be called last, whatever happened. */
  async remove(): Promise<void> {
    this.#isOver = true;
    this.#forget();
    await this.#disk?.file.close().catch(() => {}); // told of before
    this.#disk?.folder.giveBack();
  }

  /** @returns whether there is room in memory for it */
  #keep(bytes: Uint8Array): boolean {
    const size = this.#size + bytes.length;
    if (size > SMALL || !this.#makeRoom(size)) return false;
    this.#room.set(bytes, this.#size);
    this.#size = size;
    return true;
  }

  #makeRoom(size: number): boolean {
    if (size <= this.#room.length) return true;
    let length = Math.max(FIRST_ROOM, this.#room.length);
    while (length < size) length *= 2;
    const more = length - this.#room.length;
    if (inMemory + more > ALL_SMALL) return false;
    const room = new Uint8Array(length);
    room.set(this.#room);
    this.#room = room;
    this.#held += more;
    inMemory += more;
    return true;
  }

  async #spill(): Promise<{ folder: LentFolder; file: ReceivedFile }> {
    const folder = folders.lend(this.#options.folder);
    try {
      const file = new ReceivedFile(`${folder.path}/${PART}`);
      this.#disk = { folder, file };
      await file.append(this.#room.subarray(0, this.#size));
      this.#forget();
      return this.#disk;
    } catch (error) {
      if (!this.#disk) folder.giveBack();
      throw error;
    }
  }

  #forget(): void {
    inMemory -= this.#held;
    this.#held = 0;
    this.#size = 0;
    this.#room = new Uint8Array(0);
  }
}
