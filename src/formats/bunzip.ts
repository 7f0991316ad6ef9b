import { setImmediate } from 'node:timers/promises';
import { BitWindow } from './bit-window.ts';
import { asBuffer, type ByteSource } from './byte-source.ts';
import { Bzip2Block, LARGEST_BLOCK } from './bzip2-block.ts';
import { explainContent, HEAD_BYTES } from './guess-content.ts';

const MAGIC = 'BZh';
const STREAM_START = 0x425a68;
/** Half of the decimal digits of pi, and of its square root. */
const BLOCK_START = [0x314159, 0x265359] as const;
const STREAM_END = [0x177245, 0x385090] as const;
const DIGIT_ZERO = 0x30;

/**
 * More than a block can be, packed: as many symbols as it has bytes, of 20 bits each, and its tables. In bytes. This is what a
 * hostile file can make kho hold; a real block has less than 1 MiB.
 */
const PACKED_BLOCK_LIMIT = (LARGEST_BLOCK * 20) / 8 + 64 * 1024;

/**
 * Bzip2, one block after the other, with checksums compared; several streams in one file count as one. Memory is bounded, at
 * some 10 MB. Own code, since no library streams: they want all input in memory, or yield all output at once.
 *
 * Source: bzip2 has no standard; J. Tsai, "BZIP2: Format Specification" (2016).
 *
 * @param sink gets the unpacked bytes; a piece is overwritten after the call
 * @throws {FormatError} `empty`, `incomplete`, `not-an-archive`, `damaged`, and what `sink` throws
 */
export async function bunzip(source: ByteSource, sink: (piece: Uint8Array) => void): Promise<void> {
  const head = asBuffer(await source.read(0, HEAD_BYTES));
  if (head.toString('latin1', 0, MAGIC.length) !== MAGIC) throw explainContent(head, MAGIC, 'a bzip2 file');
  const bits = new BitWindow(source, PACKED_BLOCK_LIMIT);
  const block = new Bzip2Block(bits, sink);
  await bits.refill();
  do {
    await readStream(bits, block);
    bits.align();
    await bits.refill();
  } while (bits.peek(24) === STREAM_START); // What follows and is no stream is ignored, as Python and bzip2 itself do.
}

async function readStream(bits: BitWindow, block: Bzip2Block): Promise<void> {
  bits.read(24);
  const level = bits.read(8) - DIGIT_ZERO;
  if (level < 1 || level > 9) throw bits.fault();
  let checksum = 0;
  for (;;) {
    await bits.refill();
    await setImmediate(); // A block may take tenths of a second; let others have their turn.
    const start = [bits.read(24), bits.read(24)];
    const blockChecksum = bits.readUint32();
    if (start[0] === STREAM_END[0] && start[1] === STREAM_END[1]) {
      if (blockChecksum !== checksum) throw bits.fault();
      return;
    }
    if (start[0] !== BLOCK_START[0] || start[1] !== BLOCK_START[1]) throw bits.fault();
    block.unpack(level, blockChecksum);
    checksum = (((checksum << 1) | (checksum >>> 31)) ^ blockChecksum) >>> 0;
  }
}
