import type { IncomingMessage } from 'node:http';
import { freeBytes } from '../io/free-bytes.ts';
import { ReceivedFile } from '../io/received-file.ts';
import { type BodyPace, watchBody } from './body-watch.ts';
import type { UploadOrder } from './order.ts';
import { type ContentSink, FormFault, readForm } from './read-form.ts';
import { ReceivingFolders } from './receiving-folders.ts';

/** A body that does not come on. */
export class TooSlow extends Error {}

export interface ReceiveOptions {
  /** A folder of kho's own is made in there. */
  folder: string;
  /** Of the file, in bytes. */
  maxFile: number;
  /** On the disk, in bytes. */
  keepFree: number;
  pace: BodyPace;
}

export interface Received {
  order: Omit<UploadOrder, 'token' | 'address' | 'repository' | 'userAgent'>;
  /** Resolves when a file whose order says that it is flushed is on the disk. @throws {KhoError} WRITE */
  flush(): Promise<void>;
  /** With all that is in the folder. */
  remove(): Promise<void>;
}

/** The disk is asked for room each time that so much has come; in bytes. */
const ASK_DISK_BYTES = 64 * 1024 * 1024;

/** Smaller files are brought to the disk with others that are taken in together; larger ones take their time. In bytes. */
const FLUSHED_WITH_OTHERS = 1024 * 1024;

/** The name of what comes; no client's. */
const PART = 'part';

const folders = new ReceivingFolders();

/**
 * Receive the form of an upload; its file is written under a name of kho's own.
 *
 * @throws {FormFault}; {ClientGone}; {TooSlow}; {KhoError} WRITE. Nothing is left on the disk then, and the rest of the body is not read
 */
export async function receive(request: IncomingMessage, options: ReceiveOptions): Promise<Received> {
  const { folder: around, maxFile, pace } = options;
  const { path: folder, giveBack } = folders.lend(around);
  let file: ReceivedFile | undefined;
  const remove = async () => {
    await file?.close().catch(() => {}); // told of before
    giveBack();
  };
  try {
    file = new ReceivedFile(`${folder}/${PART}`);
    const slow = new AbortController();
    const stop = watchBody(request, pace, () => slow.abort(new TooSlow()));
    const type = request.headers['content-type'] ?? '';
    const form = await readForm(request, type, maxFile, roomy(file, options), slow.signal).finally(stop);
    await file.end();
    const isSmall = file.size <= FLUSHED_WITH_OTHERS;
    const { filename, sha256, md5, attestations, signature } = form;
    const order = {
      ...{ folder, part: PART, filename, sha256: file.sha256(), said: { sha256, md5 } },
      ...(!isSmall && { isFlushed: true as const }),
      ...(attestations !== undefined && { attestations }),
      ...(signature && { signature }),
    };
    const whole = file;
    return { order, flush: async () => (isSmall ? undefined : await whole.flush()), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Asks for room on the disk again and again: a length is not always said before. */
function roomy(file: ReceivedFile, { folder, keepFree }: ReceiveOptions): ContentSink {
  let next = ASK_DISK_BYTES;
  return {
    append: (bytes) => {
      if (file.size >= next) {
        next += ASK_DISK_BYTES;
        if (freeBytes(folder) < keepFree) throw new FormFault(507, 'There is no room left on the disk of this site');
      }
      return file.append(bytes);
    },
  };
}
