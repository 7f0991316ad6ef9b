/**
 * What a power cut takes from a disk: everything since the last flush. Names come to a disk in their order (file systems keep a
 * journal of them), and a flush of any file or folder brings all of them there that were given before; contents come only by a flush of
 * the file itself, or of the whole file system: of a file that was flushed, and to whose end something was added, that is lost. Two disks know
 * nothing of one another.
 */
import fs, { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CallWatcher, ChangingCall } from './changing-calls.ts';

interface Disk {
  root: string;
  /** Take names back, in the order of their giving. */
  undo: (() => void)[];
  /** So many names were brought to the disk before those. */
  flushed: number;
  /** Numbers of inodes whose content is not on disk, and so many bytes of it are. */
  unwritten: Map<number, number>;
}

/** Of a file or folder. */
const IS_FLUSH = /^f(?:data)?sync/;
/** Of a file. */
const CHANGES_CONTENT = /^(?:open|write|copyFile|ftruncate)/;

export class UnflushedWrites implements CallWatcher {
  readonly #disks: readonly Disk[];
  /** Holds what was removed or replaced, so that it can come back with its inode. */
  readonly #grave: string;
  #count = 0;
  /** Calls that run, some beside others: how many names were given when they began, the number of what they flush, and how long the file was that they write to. */
  readonly #begun = new WeakMap<ChangingCall, { names: number; inode: number | undefined; bytes: number }>();
  /** Takes back what the call does that runs now. */
  #undoNow: (() => void) | undefined;

  /** @param disks absolute paths of folders, each a disk of its own, the innermost first */
  constructor(disks: readonly string[]) {
    this.#disks = disks.map((root) => ({ root, undo: [], flushed: 0, unwritten: new Map() }));
    this.#grave = mkdtempSync(join(dirname(disks[0] as string), 'kho-grave-'));
  }

  before(call: ChangingCall): void {
    const { undo, flushed } = this.#diskOf(call.paths.at(-1) as string);
    const inode = IS_FLUSH.test(call.name) ? fs.statSync(call.paths[0] as string).ino : undefined;
    const path = call.paths.at(-1) as string;
    const bytes = CHANGES_CONTENT.test(call.name) ? (fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0) : 0;
    this.#begun.set(call, { names: flushed + undo.length, inode, bytes });
    if (!isBeside(call)) this.#undoNow = this.#undoOf(call);
  }

  after(call: ChangingCall): void {
    const { name, paths } = call;
    const path = paths.at(-1) as string;
    const disk = this.#diskOf(path);
    if (this.#undoNow && !isBeside(call)) disk.undo.push(this.#undoNow);
    if (name === 'sync') {
      for (const folder of paths) {
        const { flushed, undo } = this.#diskOf(folder);
        this.#flush(this.#diskOf(folder), flushed + undo.length);
      }
    } else if (IS_FLUSH.test(name)) {
      const { names, inode } = this.#begun.get(call) as { names: number; inode: number };
      this.#flush(disk, names, inode);
    } else if (CHANGES_CONTENT.test(name)) {
      const stats = fs.statSync(path, { throwIfNoEntry: false });
      const { bytes } = this.#begun.get(call) as { bytes: number };
      if (stats) disk.unwritten.set(stats.ino, Math.min(disk.unwritten.get(stats.ino) ?? bytes, stats.size));
    }
  }

  /** @param names so many of all that were given @param inode flushed itself, a file or folder; else the whole disk is */
  #flush(disk: Disk, names: number, inode?: number): void {
    disk.undo.splice(0, Math.max(0, names - disk.flushed));
    disk.flushed = Math.max(disk.flushed, names);
    if (inode === undefined) disk.unwritten.clear();
    else disk.unwritten.delete(inode);
  }

  /** The power is cut. @param names whether those that were not flushed are lost too; contents always are */
  cut(names: 'kept' | 'lost'): void {
    for (const { root, undo, unwritten } of this.#disks) {
      if (names === 'lost') for (const back of undo.reverse()) back();
      for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
        const stats = fs.lstatSync(join(root, path));
        const bytes = stats.isFile() ? unwritten.get(stats.ino) : undefined;
        if (bytes === undefined) continue;
        fs.truncateSync(join(root, path), Math.min(bytes, stats.size));
        fs.utimesSync(join(root, path), stats.atime, stats.mtime);
      }
    }
  }

  close(): void {
    rmSync(this.#grave, { recursive: true, force: true });
  }

  #undoOf({ name, paths }: ChangingCall): (() => void) | undefined {
    const [first, second] = paths as [string, string];
    const isThere = (path: string) => fs.lstatSync(path, { throwIfNoEntry: false });
    switch (name) {
      case 'mkdirSync':
        return isThere(first) ? undefined : () => fs.rmdirSync(first);
      case 'openSync':
        return isThere(first) ? undefined : () => fs.unlinkSync(first);
      case 'linkSync':
      case 'symlinkSync':
      case 'copyFileSync':
        return isThere(second) ? undefined : () => fs.unlinkSync(second);
      case 'rmdirSync': {
        const { mode } = isThere(first) ?? { mode: 0o755 };
        return () => fs.mkdirSync(first, mode);
      }
      case 'unlinkSync':
        return this.#bury(first);
      case 'renameSync': {
        const replaced = this.#bury(second);
        return () => {
          fs.renameSync(second, first);
          replaced?.();
        };
      }
      default:
        return undefined;
    }
  }

  /** @returns what digs it up again */
  #bury(path: string): (() => void) | undefined {
    if (!fs.lstatSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
    const grave = join(this.#grave, String(this.#count++));
    fs.linkSync(path, grave);
    return () => fs.linkSync(grave, path);
  }

  #diskOf(path: string): Disk {
    const around = this.#disks.find(({ root }) => path === root || path.startsWith(`${root}/`));
    return around ?? (this.#disks.at(-1) as Disk);
  }
}

/** Others may be made before it ends. */
function isBeside({ name }: ChangingCall): boolean {
  return !name.endsWith('Sync') && name !== 'sync';
}
