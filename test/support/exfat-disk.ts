/** A disk that knows no links and no modes, as a USB disk mostly is: exFAT, which a program of its own reads (FUSE). */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIZE_BYTES = 32 * 1024 * 1024;

export class ExfatDisk {
  readonly folder: string;
  readonly #place = mkdtempSync(join(tmpdir(), 'kho-exfat-'));
  readonly #device: string;

  /** @param umask that all files there get, in octal. @throws {Error} where FUSE or loop devices are not to be had */
  constructor(umask = '022') {
    this.folder = join(this.#place, 'mounted');
    const image = join(this.#place, 'image');
    mkdirSync(this.folder);
    writeFileSync(image, '');
    truncateSync(image, SIZE_BYTES);
    let device = '';
    try {
      run('mkfs.exfat', image);
      device = run('losetup', '--find', '--show', image).trim();
      run('mount.exfat-fuse', '-o', `umask=${umask}`, device, this.folder);
    } catch (error) {
      if (device !== '') run('losetup', '--detach', device);
      rmSync(this.#place, { recursive: true });
      throw error;
    }
    this.#device = device;
  }

  close(): void {
    run('umount', this.folder);
    run('losetup', '--detach', this.#device);
    rmSync(this.#place, { recursive: true });
  }
}

/** Root may, on machines that have them: containers mostly have not. */
export function hasExfatDisks(): boolean {
  try {
    new ExfatDisk().close();
    return true;
  } catch {
    return false;
  }
}

function run(program: string, ...words: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}
