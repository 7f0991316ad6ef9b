import { makePrivateFolder, removeFile, removeFolder } from '../io/disk.ts';
import { look, namesIn } from '../io/open-file.ts';
import { heldTemporaryName } from '../io/temporary-name.ts';

/** Nobody else may look into it, nor swap what is in it. */
const PRIVATE = 0o700;

interface Folder {
  path: string;
  inode: number | undefined;
  giveBack(): void;
}

/** A folder that is lent. */
export interface LentFolder {
  /** Absolute. */
  path: string;
  /** With all that is in it; once is enough. */
  giveBack(): void;
}

/**
 * Folders of kho's own that uploads lie in until they are published, one for each at a time. One that is given back is kept for the next,
 * since to make and remove a folder costs as much as to write a small file.
 */
export class ReceivingFolders {
  /** By the folder that they stand in. */
  readonly #spare = new Map<string, Folder[]>();
  readonly #lasts: boolean;
  #lent = 0;

  /** @param lasts they are kept until `clear`; else the last one that is given back takes all of them along */
  constructor(lasts = false) {
    this.#lasts = lasts;
  }

  /** @param around absolute @throws {KhoError} WRITE */
  lend(around: string): LentFolder {
    const folder = this.#takeSpare(around) ?? newFolder(around);
    this.#lent++;
    let isBack = false;
    const giveBack = () => {
      if (isBack) return;
      isBack = true;
      this.#lent--;
      this.#takeBack(around, folder);
    };
    return { path: folder.path, giveBack };
  }

  #takeSpare(around: string): Folder | undefined {
    for (let folder = this.#spare.get(around)?.pop(); folder; folder = this.#spare.get(around)?.pop()) {
      if (look(folder.path)?.ino === folder.inode) return folder;
      remove(folder); // what is around it is another folder by now
    }
    return undefined;
  }

  #takeBack(around: string, folder: Folder): void {
    const spare = this.#spare.get(around) ?? [];
    this.#spare.set(around, spare);
    try {
      for (const name of namesIn(folder.path)) removeFile(`${folder.path}/${name}`);
      spare.push(folder);
    } catch {
      remove(folder); // whatever stands in it
    }
    if (this.#lent === 0 && !this.#lasts) this.clear();
  }

  /** Remove those that are lent to nobody. @throws {KhoError} WRITE */
  clear(): void {
    for (const each of [...this.#spare.values()].flat()) remove(each);
    this.#spare.clear();
  }
}

function newFolder(around: string): Folder {
  const { name, giveBack } = heldTemporaryName();
  const path = `${around}/${name}`;
  makePrivateFolder(path, PRIVATE);
  return { path, inode: look(path)?.ino, giveBack };
}

function remove({ path, giveBack }: Folder): void {
  removeFolder(path);
  giveBack();
}
