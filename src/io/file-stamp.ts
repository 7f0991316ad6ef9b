/** What `stat` says of a file, in the one shape that kho keeps and compares. */
import type { Stats } from 'node:fs';

/** What tells a file from another that takes its place. */
export interface FileIdentity {
  /** Number of the disk that it is on; may be another after a restart of the machine, and so is compared within one run only. */
  device: number;
  inode: number;
}

/** What tells one state of a file from another without reading it. */
export interface FileStamp extends FileIdentity {
  /** In bytes. */
  size: number;
  /** Milliseconds since 1970, with the fraction that the file system keeps. */
  modifiedMs: number;
  /** Time of the last change of content, name or mode; cannot be set by a program. Milliseconds since 1970. */
  changedMs: number;
}

export function fileStamp({ size, mtimeMs, ctimeMs, ino, dev }: Stats): FileStamp {
  return { size, modifiedMs: mtimeMs, changedMs: ctimeMs, inode: ino, device: dev };
}

/** Whether it is the file that was seen, whatever has been written to it since. */
export function isSameFile(now: Stats, { device, inode }: FileIdentity): boolean {
  return now.ino === inode && now.dev === device;
}

/** Whether nothing has been written to the file that was seen, as far as its times tell. */
export function isUntouched(now: Stats, stamp: Omit<FileStamp, 'device' | 'changedMs'>): boolean {
  return now.size === stamp.size && now.mtimeMs === stamp.modifiedMs && now.ino === stamp.inode;
}

/** The same file in the same state, with the time of its last change, which no program can set. */
export function isSameStamp(one: FileStamp, other: FileStamp): boolean {
  return (
    one.inode === other.inode &&
    one.device === other.device &&
    one.size === other.size &&
    one.modifiedMs === other.modifiedMs &&
    one.changedMs === other.changedMs
  );
}
