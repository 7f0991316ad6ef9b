/**
 * Tar archives, read as they stream by: the headers, and the content of those members that are asked for.
 *
 * Source: POSIX.1-2024 "pax Interchange Format" and "ustar", GNU tar manual "Basic Tar Format"; where archives are odd, as
 * Python's tarfile reads them, since that is what unpacks sdists. Stricter in one point: what is no header is a fault,
 * and not the archive's end.
 */
import { FormatError } from '../problems.ts';
import {
  checkLinkTarget,
  checkMemberPath,
  MEMBER_COUNT_LIMIT,
  MEMBER_NAMES_LIMIT,
  type Member,
  shownPath,
} from './archive-member.ts';
import { asBuffer } from './byte-source.ts';
import { BLOCK_BYTES, isAllZeros, readTarHeader, type TarHeader } from './tar-header.ts';
import { readPax, readText } from './tar-pax.ts';

export interface TarOptions {
  /** Asked of each file: whether to hand over its content. Throw to refuse it, for example because of its size. */
  wants(member: Member): boolean;
  /** Called with the content of each file that was wanted, in the order of the archive. The bytes are the callee's. */
  take(member: Member, bytes: Buffer): void;
}

/** Of a pax header or a GNU long name, in bytes; real ones are a few hundred. */
const EXTENSION_LIMIT = 1024 * 1024;

/** What stands between two headers. */
type Body =
  | { is: 'skipped' }
  | { is: 'extension'; header: TarHeader; bytes: Buffer }
  | { is: 'wanted'; member: Member; bytes: Buffer };

const SKIPPED: Body = { is: 'skipped' };

export class TarReader {
  readonly members: Member[] = [];
  readonly #options: TarOptions;
  /** A header of which only the first `#blockFilled` bytes have arrived. */
  readonly #block = Buffer.alloc(BLOCK_BYTES);
  #blockFilled = 0;
  #body: Body = SKIPPED;
  /** Bytes to come of the body, and of the zeros that fill its last block. */
  #bodyLeft = 0;
  #paddingLeft = 0;
  #sparseMapFollows = false;
  /** What extension headers say of the next member, and of all that follow. */
  #next: ReadonlyMap<string, string> = new Map();
  #all: ReadonlyMap<string, string> = new Map();
  #namesLength = 0;
  #ended = false;

  constructor(options: TarOptions) {
    this.#options = options;
  }

  /**
   * The next bytes of the archive, of any length; they may be overwritten after the call.
   *
   * @throws {FormatError} `damaged`, `unsafe-member`, `too-many-members`, and what `wants` throws
   */
  push(chunk: Uint8Array): void {
    const bytes = asBuffer(chunk);
    for (let at = 0; at < bytes.length && !this.#ended; ) {
      if (this.#bodyLeft > 0) at = this.#pushBody(bytes, at);
      else if (this.#paddingLeft > 0) at = this.#skipPadding(bytes, at);
      else at = this.#pushBlock(bytes, at);
    }
  }

  /**
   * There are no more bytes. The zeros at the end may be missing, as in some old archives, but no part of a member.
   *
   * @throws {FormatError} `incomplete`; `not-an-archive` when there was nothing
   */
  end(): void {
    if (this.#ended) return;
    const isInside = this.#bodyLeft > 0 || this.#blockFilled > 0 || this.#next.size > 0 || this.#sparseMapFollows;
    if (isInside) throw new FormatError('incomplete', 'is a tar archive cut short');
    if (this.members.length === 0) throw new FormatError('not-an-archive', 'holds nothing');
  }

  #pushBody(bytes: Buffer, at: number): number {
    const length = Math.min(this.#bodyLeft, bytes.length - at);
    const body = this.#body;
    if (body.is !== 'skipped') bytes.copy(body.bytes, body.bytes.length - this.#bodyLeft, at, at + length);
    this.#bodyLeft -= length;
    if (this.#bodyLeft === 0) this.#endBody();
    return at + length;
  }

  #skipPadding(bytes: Buffer, at: number): number {
    const length = Math.min(this.#paddingLeft, bytes.length - at);
    this.#paddingLeft -= length;
    return at + length;
  }

  /** A header is read where it lies, or put together when it came in two pieces. */
  #pushBlock(bytes: Buffer, at: number): number {
    if (this.#blockFilled === 0 && bytes.length - at >= BLOCK_BYTES) {
      this.#readBlock(bytes.subarray(at, at + BLOCK_BYTES));
      return at + BLOCK_BYTES;
    }
    const copied = bytes.copy(this.#block, this.#blockFilled, at);
    this.#blockFilled += copied;
    if (this.#blockFilled === BLOCK_BYTES) {
      this.#blockFilled = 0;
      this.#readBlock(this.#block);
    }
    return at + copied;
  }

  #readBlock(block: Buffer): void {
    if (this.#sparseMapFollows) {
      this.#sparseMapFollows = block[504] !== 0;
      return;
    }
    if (isAllZeros(block)) {
      this.#ended = true;
      return;
    }
    const header = readTarHeader(block, this.members.length === 0 && this.#next.size === 0);
    const { kind } = header;
    if (kind === 'extension') this.#startExtension(header);
    else if (kind === 'device')
      throw new FormatError('unsafe-member', `holds ${shownPath(header.path)}, a device or pipe`);
    else this.#startMember(header, kind);
  }

  #startExtension(header: TarHeader): void {
    if (header.size > EXTENSION_LIMIT)
      throw new FormatError('damaged', 'is a tar archive with an impossibly long header');
    this.#startBody({ is: 'extension', header, bytes: Buffer.allocUnsafe(header.size) }, header.size);
  }

  #startMember(header: TarHeader, kind: Member['kind']): void {
    const recordFor = (key: string) => this.#next.get(key) ?? this.#all.get(key);
    const path = cleanPath(recordFor('path') ?? header.path);
    const link = recordFor('linkpath') ?? header.link;
    const saidSize = recordFor('size');
    this.#next = new Map();
    const size = saidSize === undefined ? header.size : readPaxSize(saidSize, path);
    this.#sparseMapFollows = header.sparseMapFollows;

    checkMemberPath(path);
    if (kind === 'link') checkLinkTarget(path, link, header.type === '1');
    const member: Member = { path, size: kind === 'file' ? size : 0, kind };
    this.#count(member);
    if (kind !== 'file') return;
    const wanted = this.#options.wants(member);
    this.#startBody(wanted ? { is: 'wanted', member, bytes: Buffer.allocUnsafe(size) } : SKIPPED, size);
  }

  #count(member: Member): void {
    this.#namesLength += member.path.length;
    if (this.members.length === MEMBER_COUNT_LIMIT || this.#namesLength > MEMBER_NAMES_LIMIT) {
      throw new FormatError('too-many-members', `holds more than ${MEMBER_COUNT_LIMIT} members, or 64 MiB of paths`);
    }
    this.members.push(member);
  }

  #startBody(body: Body, size: number): void {
    this.#body = body;
    this.#bodyLeft = size;
    this.#paddingLeft = (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
    if (size === 0) this.#endBody();
  }

  #endBody(): void {
    const body = this.#body;
    this.#body = SKIPPED;
    if (body.is === 'wanted') this.#options.take(body.member, body.bytes);
    if (body.is !== 'extension') return;
    const { type } = body.header;
    if (type === 'L') this.#next = new Map([...this.#next, ['path', readText(body.bytes)]]);
    else if (type === 'K') this.#next = new Map([...this.#next, ['linkpath', readText(body.bytes)]]);
    else if (type === 'g') this.#all = new Map([...this.#all, ...readPax(body.bytes)]);
    else this.#next = new Map([...this.#next, ...readPax(body.bytes)]);
  }
}

function cleanPath(path: string): string {
  let from = 0;
  while (path.startsWith('./', from) && from + 2 < path.length) {
    from += 2;
    while (path[from] === '/') from++;
  }
  let to = path.length;
  while (to > from + 1 && path[to - 1] === '/') to--;
  return path.slice(from, to) || '.';
}

function readPaxSize(text: string, path: string): number {
  const size = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new FormatError('damaged', `holds ${shownPath(path)} with an impossible size`);
  return size;
}
