import { dirname } from 'node:path';
import { makePrivateFolder, removeEmptyFolder, removeFile } from '../io/disk.ts';
import { namesIn } from '../io/open-file.ts';
import { forgetFolder } from '../io/reach.ts';
import { temporaryName } from '../io/temporary-name.ts';

/** Nobody else may look into it, nor swap what is in it. */
const PRIVATE = 0o700;

/**
 * Folders of kho's own for one run, each on the disk of the places that its files go to. What is made on the way is made there: in a
 * folder that others may write, they could swap it before it is used. They may still move such a folder away, which changes nothing,
 * since it is reached through its descriptor.
 */
export class OwnFolders {
  readonly #tops: readonly string[];
  /** By the folder that they stand in. */
  readonly #made = new Map<string, string>();

  /** @param tops folders with others below them on the same disk: one folder for each has to do */
  constructor(tops: readonly string[]) {
    this.#tops = tops;
  }

  /**
   * A name that nothing has, on the disk of `to`, absolute.
   *
   * @param isApart what is below a top turned out to be on a disk of its own
   * @throws {KhoError} WRITE
   */
  pathFor(to: string, isApart = false): string {
    const folder = dirname(to);
    const around = isApart ? folder : (this.#tops.find((top) => to.startsWith(`${top}/`)) ?? folder);
    let own = this.#made.get(around);
    if (own === undefined) {
      own = `${around}/${temporaryName()}`;
      makePrivateFolder(own, PRIVATE);
      this.#made.set(around, own);
    }
    return `${own}/${temporaryName()}`;
  }

  /** With all that is left in them. One that was moved away is emptied, and stays where it is. */
  remove(): void {
    for (const [around, own] of this.#made) {
      for (const name of namesIn(own)) removeFile(`${own}/${name}`);
      removeEmptyFolder(own);
      forgetFolder(own);
      this.#made.delete(around);
    }
  }
}
