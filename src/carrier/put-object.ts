import { createHash } from 'node:crypto';
import { FormatError } from '../problems.ts';
import type { CarrierDisk } from './carrier-disk.ts';

/** What is carried, and where its bytes come from. */
export interface CarriedObject {
  sha256: string;
  /** In bytes. */
  size: number;
  /** For people. */
  filename: string;
  /** Bytes from, and up to. @throws {FormatError} where they cannot be read */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

/** @returns why it is not there, in words that follow its name. @throws {KhoError} WRITE */
export async function putObject(disk: CarrierDisk, { sha256, size, read }: CarriedObject): Promise<string | undefined> {
  const hash = createHash('sha256');
  const hashed = async function* (from: number, to: number) {
    for await (const bytes of read(from, to)) {
      hash.update(bytes);
      yield bytes;
    }
  };
  try {
    await disk.writeObject(sha256, size, hashed);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    disk.removeObject(sha256);
    return error.message;
  }
  if (hash.digest('hex') === sha256) return undefined;
  disk.removeObject(sha256);
  return 'its bytes are not those that the catalogue names: run kho check';
}

/** Of what stands on the disk; undefined where it cannot be read. */
export async function hashOfObject(
  disk: CarrierDisk,
  { sha256, size }: Pick<CarriedObject, 'sha256' | 'size'>,
): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const bytes of disk.readObject(sha256, size)) hash.update(bytes);
    return hash.digest('hex');
  } catch {
    return undefined; // a worn disk; it is written anew
  }
}
