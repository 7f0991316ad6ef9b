import type { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';

/**
 * What the form of an upload says, of which little is believed: the file itself is read.
 *
 * Source: the "legacy" upload API of Warehouse, as its clients speak it; RFC 7578 (multipart/form-data).
 */
export interface UploadForm {
  /** Of the file, as the client says, without folders. Anything may stand in it. */
  filename: string;
  /** Hexadecimal, of each field of that name. */
  sha256: string[];
  md5: string[];
  /** JSON, as it came (PEP 740). */
  attestations?: string;
  /** A detached signature in ASCII, as it came. */
  signature?: Buffer;
}

/** Where the bytes of the file go. */
export interface ContentSink {
  /** Resolves when more may come; what it throws ends the reading. */
  append(bytes: Uint8Array): Promise<void>;
}

/** Why a form is not taken. */
export class FormFault extends Error {
  readonly status: 400 | 413 | 507;

  /** @param message whole sentences, without what came in unchecked */
  constructor(status: 400 | 413 | 507, message: string) {
    super(message);
    this.status = status;
  }
}

/** Whoever sent it went away, so nobody waits for an answer. */
export class ClientGone extends Error {}

/** Sizes in bytes. Forms of real clients have at most some hundred fields; descriptions are the longest, and PyPI's own limit for one is 6 MB. */
const LIMITS = {
  files: 2,
  fields: 5000,
  parts: 5002,
  fieldNameSize: 200,
  fieldSize: 8 * 1024 * 1024,
  headerPairs: 20,
  headerSize: 16 * 1024,
};
const ALL_FIELDS = 16 * 1024 * 1024;
const SIGNATURE = 64 * 1024;

/** More than the biggest form around a file has. In bytes. */
export const FORM_OVERHEAD = ALL_FIELDS + 1024 * 1024;

/**
 * Read a form to its end. Its file goes where `sink` says, a piece at a time; of its fields only those are kept that kho uses.
 *
 * @param mostBytes of the file
 * @param signal ends it, with its reason
 * @throws {FormFault}; {ClientGone}; what `sink` throws. The body is then not read to its end, and is left as it is
 */
export function readForm(
  body: Readable,
  contentType: string,
  mostBytes: number,
  sink: ContentSink,
  signal?: AbortSignal,
): Promise<UploadForm> {
  return new Promise((resolve, reject) => {
    let parser: BusboyInstance;
    try {
      parser = new Busboy({
        headers: { 'content-type': contentType },
        limits: { ...LIMITS, fileSize: mostBytes },
      });
    } catch {
      reject(new FormFault(400, 'The request is no form that can be read. It has to be multipart/form-data'));
      return;
    }
    const form = new FormSoFar(mostBytes, sink);
    const streams: BusboyFileStream[] = [];
    let isOver = false;
    const settle = (act: () => void) => {
      if (isOver) return;
      isOver = true;
      body.unpipe(parser);
      body.off('close', onGone).off('error', onGone).off('aborted', onGone);
      for (const stream of streams) stream.destroy();
      act();
    };
    const fail = (error: unknown) => settle(() => reject(error));
    const onGone = () => {
      if (!body.readableEnded) fail(new ClientGone('the client went away'));
    };
    signal?.addEventListener('abort', () => fail(signal.reason), { once: true });
    body.on('close', onGone).on('error', onGone).on('aborted', onGone);
    parser.on('error', () =>
      fail(new FormFault(400, 'The form cannot be read to its end: it is cut off or malformed')),
    );
    const tooMany = () =>
      fail(new FormFault(400, `The form has too many parts: one "content", and ${LIMITS.fields} fields at most`));
    parser.on('partsLimit', tooMany).on('filesLimit', tooMany).on('fieldsLimit', tooMany);
    parser.on('field', (name, value, isNameCut, isValueCut) => {
      try {
        form.field(name, value, isNameCut || isValueCut);
      } catch (error) {
        fail(error);
      }
    });
    parser.on('file', (name, stream, filename) => {
      streams.push(stream);
      stream.on('error', () => {}); // told of by the parser, or by whoever reads it
      form.file(name, stream, filename).catch(fail);
    });
    parser.on('finish', () => {
      form.finish().then((done) => settle(() => resolve(done)), fail);
    });
    body.pipe(parser);
  });
}

/** What has come of it so far. */
class FormSoFar {
  readonly #mostBytes: number;
  readonly #sink: ContentSink;
  readonly #said: Omit<UploadForm, 'filename'> = { sha256: [], md5: [] };
  #filename: string | undefined;
  #content: Promise<void> | undefined;
  #signature: Promise<Buffer> | undefined;
  #fieldBytes = 0;

  constructor(mostBytes: number, sink: ContentSink) {
    this.#mostBytes = mostBytes;
    this.#sink = sink;
  }

  field(name: string, value: string, isCut: boolean): void {
    this.#fieldBytes += value.length;
    if (isCut || this.#fieldBytes > ALL_FIELDS) {
      throw new FormFault(
        413,
        `The fields of the form are too long: they may have ${ALL_FIELDS / 2 ** 20} MiB together`,
      );
    }
    switch (name) {
      case ':action':
        if (value !== 'file_upload') throw new FormFault(400, 'The form asks for something else than file_upload');
        break;
      case 'protocol_version':
        if (value !== '1') throw new FormFault(400, 'The form speaks another protocol_version than 1');
        break;
      case 'sha256_digest':
        if (value !== '') this.#said.sha256.push(value.toLowerCase());
        break;
      case 'md5_digest':
        if (value !== '') this.#said.md5.push(value.toLowerCase());
        break;
      case 'attestations':
        if (value !== '') this.#said.attestations = value;
        break;
      case 'content':
        throw new FormFault(400, 'The part "content" is a text, and has to be a file with its name');
    }
  }

  async file(name: string, stream: BusboyFileStream, filename: string | undefined): Promise<void> {
    if (name === 'gpg_signature') {
      this.#signature ??= readSmall(stream, SIGNATURE);
      await this.#signature;
      return;
    }
    if (name !== 'content') {
      stream.resume();
      return;
    }
    if (this.#content) throw new FormFault(400, 'The form has two parts "content", and one upload is one file');
    this.#filename = filename ?? '';
    this.#content = this.#take(stream);
    await this.#content;
  }

  async finish(): Promise<UploadForm> {
    await this.#content;
    if (this.#filename === undefined) {
      throw new FormFault(400, 'The form has no part "content", which holds the file');
    }
    const signature = await this.#signature;
    return { ...this.#said, filename: this.#filename, ...(signature && { signature }) };
  }

  async #take(stream: BusboyFileStream): Promise<void> {
    for await (const piece of stream) await this.#sink.append(piece as Buffer);
    if (stream.truncated) throw tooBig(this.#mostBytes);
  }
}

export function tooBig(mostBytes: number): FormFault {
  const most = mostBytes >= 2 ** 20 ? `${Math.floor(mostBytes / 2 ** 20)} MiB` : `${mostBytes} bytes`;
  return new FormFault(
    413,
    `The file is too big for this site, which takes ${most}. Whoever runs it can raise max_file in kho.toml`,
  );
}

async function readSmall(stream: BusboyFileStream, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream) {
    bytes += (piece as Buffer).length;
    if (bytes > most) throw new FormFault(400, `The part "gpg_signature" is longer than ${most / 1024} KiB`);
    pieces.push(piece as Buffer);
  }
  if (stream.truncated) throw new FormFault(400, 'The part "gpg_signature" is longer than a file may be');
  return Buffer.concat(pieces);
}
