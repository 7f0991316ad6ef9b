/** A file system of its own, in a file, that can be looked at as it is on disk at a moment: without what waits in memory. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeFolders } from '../../src/io/reach.ts';

/** Small, since it is copied at each step. In kB. */
const SIZE_KB = 10_240;

/**
 * Nothing is written for its age while a test lasts, and a rename over another file flushes nothing of itself: what was not flushed is
 * lost, as on the strictest of disks.
 */
const OPTIONS = 'loop,commit=900,noauto_da_alloc';

export class LoopDisk {
  readonly folder: string;
  readonly #place = mkdtempSync(join(process.env['KHO_TEST_MEMORY'] ?? '/dev/shm', 'kho-disk-'));
  readonly #image = join(this.#place, 'image');
  #isMounted = false;

  /**
   * @param image as `image` gave it; a new one when absent
   * @param sizeKb of a new one
   * @throws {Error} where loop devices are not to be had
   */
  constructor(image?: Uint8Array, sizeKb = SIZE_KB) {
    this.folder = join(this.#place, 'mounted');
    mkdirSync(this.folder);
    try {
      if (image) writeFileSync(this.#image, image);
      else run('mkfs.ext4', '-q', '-F', '-b', '1024', '-J', 'size=1', '-N', '3000', this.#image, String(sizeKb));
      run('mount', '-o', OPTIONS, this.#image, this.folder);
      this.#isMounted = true;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** What a power cut would leave. */
  image(): Buffer {
    return readFileSync(this.#image);
  }

  flush(): void {
    run('sync', '-f', this.folder);
  }

  close(): void {
    closeFolders();
    if (this.#isMounted) run('umount', '--lazy', this.folder);
    rmSync(this.#place, { recursive: true, force: true });
  }
}

/** Root may, on machines that have them: containers mostly have not. */
export function hasLoopDisks(): boolean {
  try {
    new LoopDisk().close();
    return true;
  } catch {
    return false;
  }
}

function run(program: string, ...words: string[]): void {
  const { status, stderr, error } = spawnSync(program, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${error?.message ?? stderr}`);
}
