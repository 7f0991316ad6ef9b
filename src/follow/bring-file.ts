/** One file of the centre, whole and right, in the folder where files wait for the others of their lock. */
import type { Stats } from 'node:fs';
import { downloadFile } from '../fetch/download-file.ts';
import type { HttpClient, Reply } from '../fetch/http-client.ts';
import { olderWheels } from '../fetch/members/older-wheels.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import { copyWhole } from '../io/copy-whole.ts';
import { removeFile } from '../io/disk.ts';
import { setModified } from '../io/file-attributes.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { look } from '../io/open-file.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { refuseOther } from './in-the-way.ts';
import { nameWhole, wholePath } from './pull-folder.ts';
import type { PackageHere } from './pull-plan.ts';

/** A package, or what stands beside one. */
export interface WantedObject {
  filename: string;
  sha256: string;
  /** In bytes. */
  size: number;
  url: URL;
  /** When it was published there, in milliseconds since 1970. */
  uploadedMs?: number;
  copyFrom?: PackageHere;
}

export interface ObjectBringing {
  folder: string;
  client: HttpClient;
  /** Told of what arrives; negative when it has to begin anew. */
  onBytes: (bytes: number) => void;
  signal?: AbortSignal;
  /** Folders of packages, absolute: what older wheels there have of a new one does not cross the line. */
  packages: readonly string[];
}

/** @returns where it is. @throws {KhoError} UPSTREAM, WRITE; what `signal` was given up for */
export async function bringFile(wanted: WantedObject, bringing: ObjectBringing): Promise<string> {
  const { folder, client, onBytes, signal, packages } = bringing;
  const { sha256, size, uploadedMs, copyFrom, ...asked } = wanted;
  const path = wholePath(folder, sha256);
  if (await isWhole(path, sha256)) onBytes(size);
  else {
    signal?.throwIfAborted();
    const copied = copyFrom && (await copiedFrom(copyFrom, folder));
    const older = () => olderWheels(wanted.filename, packages);
    const onReply = (reply: Reply, total: number | undefined) => refuseOther(reply, size, total);
    const watch = { older, onReply, ...(signal && { signal }) };
    const part = copied ?? (await downloadFile({ ...asked, sha256, size }, folder, client, onBytes, watch)).path;
    nameWhole(folder, part, sha256);
  }
  if (uploadedMs !== undefined) setModified(path, uploadedMs); // by its time an index tells when it was published
  return path;
}

/** A run, or somebody's disk, brought it before; bytes on a poor disk may have changed since. */
async function isWhole(path: string, sha256: string): Promise<boolean> {
  if (look(path) === undefined) return false;
  if (look(path)?.isFile() && (await hashFile(path)) === sha256) return true;
  removeFile(path);
  return false;
}

/** Undefined where it is another by now. */
async function copiedFrom({ full, sha256 }: PackageHere, folder: string): Promise<string | undefined> {
  const stats = look(full) as Stats | undefined;
  if (!stats?.isFile()) return undefined;
  const path = `${folder}/${temporaryName()}`;
  const seen = fileStamp(stats);
  const written = copyWhole(full, path, { modifiedMs: seen.modifiedMs, seen });
  if ((written ?? (await hashFile(path))) === sha256) return path;
  removeFile(path);
  return undefined;
}
