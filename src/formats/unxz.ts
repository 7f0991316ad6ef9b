import { ReadableStream } from 'node:stream/web';
import { FormatError } from '../problems.ts';
import { asBuffer, type ByteSource } from './byte-source.ts';
import { explainContent, HEAD_BYTES } from './guess-content.ts';
import { pieces } from './gunzip.ts';

const MAGIC = '\xfd7zXZ\0';

/** Results of XZ Embedded, which the library ends its messages with. */
const NEEDS_TOO_MUCH_MEMORY = 4;
const INPUT_HAS_ENDED = 8;

/**
 * Xz: "The .xz File Format" 1.2.1, by XZ Embedded in WebAssembly. It needs as much memory as the file's dictionary, up to
 * 64 MiB, and keeps it; it checks CRC32 and CRC64.
 *
 * @param sink gets the unpacked bytes, piece by piece; what it throws ends the reading
 * @throws {FormatError} `empty`, `incomplete`, `not-an-archive`, `damaged`, `unsupported` (a dictionary of more than 64 MiB)
 */
export async function unxz(source: ByteSource, sink: (piece: Uint8Array) => void): Promise<void> {
  const head = asBuffer(await source.read(0, HEAD_BYTES));
  if (head.toString('latin1', 0, MAGIC.length) !== MAGIC) throw explainContent(head, MAGIC, 'an xz file');
  const { XzReadableStream } = await import('xz-decompress');
  const input = new PackedInput(source);
  const reader = new XzReadableStream(input.stream as ConstructorParameters<typeof XzReadableStream>[0]).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw input.readError ?? asFormatError(error);
    });
    if (done) return;
    try {
      sink(value);
    } catch (error) {
      await reader.cancel();
      throw error;
    }
  }
}

/** The source as the stream that the library wants, with memory of what went wrong in reading it. */
class PackedInput {
  readonly stream: ReadableStream<Uint8Array>;
  readError: unknown;

  constructor(source: ByteSource) {
    const iterator = pieces(source);
    this.stream = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          const { done, value } = await iterator.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          this.readError = error;
          throw error;
        }
      },
    });
  }
}

function asFormatError(error: unknown): FormatError {
  const code = Number(/error code (\d+)$/.exec(String(error))?.[1]);
  if (code === INPUT_HAS_ENDED) return new FormatError('incomplete', 'is an xz file cut short');
  if (code === NEEDS_TOO_MUCH_MEMORY)
    return new FormatError('unsupported', 'needs more than 64 MiB of memory to unpack');
  return new FormatError('damaged', 'is a damaged xz file');
}
