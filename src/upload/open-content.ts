import { join } from 'node:path';
import type { RepositoryConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { type Inspection, inspectBytes, inspectFile } from '../inspect/inspect-file.ts';
import { BEFORE_LISTING } from '../inspect/verify-source.ts';
import { rename } from '../io/disk.ts';
import { type FileStamp, fileStamp } from '../io/file-stamp.ts';
import { writeAndFlush } from '../io/flush.ts';
import { forgetIfReplaced, look } from '../io/open-file.ts';
import { closeFolders } from '../io/reach.ts';
import { FormatError } from '../problems.ts';
import type { UploadOrder } from './order.ts';
import { ReceivingFolders } from './receiving-folders.ts';

/** A file that came, under its name in a folder of kho's own that nobody else may look into. */
export interface OwnCopy {
  /** Absolute. */
  folder: string;
  stamp: FileStamp;
  /** Resolves when it is on the disk. @throws {KhoError} WRITE */
  flushed: Promise<void>;
  /** To be called last: what is left in the folder may go. */
  release(): void;
}

/** What came, wherever it is. */
export interface OpenContent {
  /** @param alsoHash see `InspectOptions` @throws {FormatError} as `inspectFile` */
  inspect(alsoHash: readonly string[]): Promise<Inspection>;
  /** @param repositories that it is to go to @throws {KhoError} WRITE */
  bring(repositories: readonly RepositoryConfig[]): OwnCopy;
}

const folders = new ReceivingFolders(true);

/** No upload is expected at the moment: what was kept for the next ones goes. */
export function clearOwnFolders(): void {
  quietly(() => folders.clear());
}

/** @throws {FormatError} `changed-while-reading`; {KhoError} WRITE */
export function openContent({ content, filename, sha256 }: UploadOrder): OpenContent {
  if ('bytes' in content) return inMemory(content.bytes, filename, sha256);
  return onDisk(content.folder, content.part, filename, sha256);
}

/** Nobody else has these bytes, so they are what was hashed. They come to a disk only when they are to be published. */
function inMemory(bytes: Uint8Array, filename: string, knownSha256: string): OpenContent {
  return {
    inspect: (alsoHash) => inspectBytes(filename, bytes, { knownSha256, verify: BEFORE_LISTING, alsoHash }),
    bring(repositories) {
      const around = repositories.at(-1)?.packages as string; // the last one may share the inode
      forgetIfReplaced(around);
      const { path: folder, giveBack } = folders.lend(around);
      const release = () => quietly(giveBack);
      try {
        const { stats, flushed } = writeAndFlush(join(folder, filename), bytes);
        return { folder, stamp: fileStamp(stats), flushed, release };
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

function onDisk(folder: string, part: string, filename: string, knownSha256: string): OpenContent {
  const path = join(folder, filename);
  rename(join(folder, part), path);
  const stats = look(path);
  if (!stats?.isFile()) throw new FormatError('changed-while-reading', 'went away while kho looked at it');
  const stamp = fileStamp(stats);
  return {
    inspect: (alsoHash) => inspectFile(path, stamp, { knownSha256, verify: BEFORE_LISTING, alsoHash }),
    bring: () => ({ folder, stamp, flushed: Promise.resolve(), release: () => closeFolders(folder) }),
  };
}

/** What cannot be removed is swept by the next build. */
function quietly(remove: () => void): void {
  try {
    remove();
  } catch (error) {
    if (!(error instanceof KhoError)) throw error;
  }
}
