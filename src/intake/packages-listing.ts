import { basename, dirname, join } from 'node:path';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { RepositoryConfig } from '../config/site-config.ts';
import { checkMounted } from '../index/scan-site.ts';
import { folderState } from '../io/file-stamp.ts';
import { look, namesIn } from '../io/open-file.ts';
import { isLeftClaim } from '../io/take-name.ts';
import type { Manifest } from '../publish/manifest.ts';
import { fileKind } from '../scan/file-kinds.ts';
import { scanPackages } from '../scan/scan-packages.ts';
import { isPassedOver } from '../standards/passed-over.ts';

/** A file that stands in packages/. */
export interface PackageFile {
  /** From the site's root. */
  file: string;
  /** Absolute. */
  full: string;
  /** In bytes. */
  size: number;
}

/** A folder that was listed. */
interface ListedFolder {
  /** Of what counts in it, without what clients and kho put beside packages. */
  names: Set<string>;
  /** As it was then: it is another one once somebody adds or removes something. */
  state: string;
}

/** What packages/ of one repository and the folders in it held when somebody looked, by file name. */
export class PackagesListing {
  readonly #packages: string;
  readonly #ignored: readonly string[];
  readonly #byName = new Map<string, PackageFile[]>();
  /** See `letters`. */
  readonly #letters = new Map<string, string>();
  /** By its path, absolute. */
  readonly #folders = new Map<string, ListedFolder>();

  /**
   * @param disksBefore what the last run saw
   * @param ignored see `isPassedOver`
   * @throws {KhoError} SITE when its disk is not mounted: files would be lost under it; READ
   */
  constructor(repository: RepositoryConfig, disksBefore: Manifest['disks'], ignored: readonly string[] = []) {
    this.#packages = repository.packages as string;
    this.#ignored = ignored;
    const { files, folders } = scanPackages(repository.name, this.#packages, { ignored });
    for (const path of folders) this.#folders.set(path, { state: stateOf(path), names: this.#namesIn(path) });
    checkMounted({ [repository.name]: { device: look(this.#packages)?.dev ?? 0, files: files.length } }, disksBefore);
    for (const file of files) {
      const published = { file: sitePath(file), full: join(this.#packages, file.path), size: file.stamp.size };
      if (published.size > 0 || !isLeftClaim(published.full)) this.#add(basename(file.path), published);
    }
  }

  /** Whether nobody else has brought or taken anything since. */
  stands(ignored: readonly string[]): boolean {
    if (ignored.join() !== this.#ignored.join()) return false;
    for (const [path, folder] of this.#folders) {
      const state = stateOf(path);
      if (state === folder.state && state !== '') continue;
      const names = state === '' ? new Set<string>() : this.#namesIn(path);
      if (names.size !== folder.names.size || [...names].some((name) => !folder.names.has(name))) return false;
      folder.state = state;
    }
    return true;
  }

  /** What was put there is known: see `put`. */
  restamp(): void {
    for (const [path, folder] of this.#folders) folder.state = stateOf(path);
  }

  names(): Iterable<string> {
    return this.#byName.keys();
  }

  /** Those that may be of this project, with some that are not. */
  namesLike(project: string): string[] {
    const start = letters(project);
    return [...this.#letters].flatMap(([name, all]) => (all.startsWith(start) ? [name] : []));
  }

  named(name: string): readonly PackageFile[] {
    return (this.#byName.get(name) ?? []).map((file) => {
      const stats = look(file.full);
      return stats?.isFile() ? { ...file, size: stats.size } : file;
    });
  }

  /** Remember what was put there. */
  put(name: string, file: PackageFile): void {
    this.#byName.set(name, [...this.named(name).filter(({ full }) => full !== file.full), file]);
    this.#letters.set(name, letters(name));
    this.#folders.get(dirname(file.full))?.names.add(basename(file.full));
  }

  #add(name: string, file: PackageFile): void {
    const files = this.#byName.get(name);
    if (files) return void files.push(file);
    this.#byName.set(name, [file]);
    this.#letters.set(name, letters(name));
  }

  #namesIn(folder: string): Set<string> {
    const counts = (name: string) => {
      const { is } = fileKind(name);
      return is !== 'temporary' && is !== 'side-file' && !isPassedOver(name, this.#ignored);
    };
    return new Set(namesIn(folder).filter(counts));
  }
}

/** What names that are spelled otherwise have in common. */
function letters(name: string): string {
  return name.toLowerCase().replace(/[-_.]/g, '');
}

/** Empty where no folder is. */
function stateOf(folder: string): string {
  const stats = look(folder);
  return stats?.isDirectory() ? folderState(stats) : '';
}
