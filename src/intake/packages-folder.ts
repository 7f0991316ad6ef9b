import { basename, join } from 'node:path';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { RepositoryConfig } from '../config/site-config.ts';
import { checkMounted } from '../index/scan-site.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import { look } from '../io/open-file.ts';
import { isLeftClaim } from '../io/take-name.ts';
import type { Manifest } from '../publish/manifest.ts';
import { fromRoot } from '../publish/target.ts';
import { scanPackages } from '../scan/scan-packages.ts';
import { isTwin, type NamedFile } from '../standards/file-identity.ts';
import { architecturesIn } from '../standards/platforms/platform-tag.ts';
import { platformTagsOf } from '../standards/platforms/wheel-platforms.ts';
import type { PackageSize } from './related-packages.ts';

/** A file that stands in packages/. */
export interface PackageFile {
  /** From the site's root. */
  file: string;
  /** Absolute. */
  full: string;
  /** In bytes. */
  size: number;
}

/** What packages/ of one repository holds, as far as somebody has looked, by file name; sub-folders too. */
export class PackagesFolder {
  readonly repository: RepositoryConfig;
  readonly packages: string;
  readonly #byName = new Map<string, PackageFile[]>();

  /** @param files what is known to be there */
  constructor(repository: RepositoryConfig, files: Iterable<PackageSize> = []) {
    this.repository = repository;
    this.packages = repository.packages as string;
    this.include(files);
  }

  /**
   * With all that is in it.
   *
   * @param disksBefore what the last run saw
   * @param ignored see `isPassedOver`
   * @throws {KhoError} SITE when its disk is not mounted: files would be lost under it; READ
   */
  static whole(
    repository: RepositoryConfig,
    disksBefore: Manifest['disks'],
    ignored: readonly string[] = [],
  ): PackagesFolder {
    const { name, packages = '' } = repository;
    const { files } = scanPackages(name, packages, { ignored });
    checkMounted({ [name]: { device: look(packages)?.dev ?? 0, files: files.length } }, disksBefore);
    return new PackagesFolder(
      repository,
      files.map(({ path, stamp: { size } }) => ({ path, size })),
    );
  }

  include(files: Iterable<PackageSize>): void {
    const { name: repository } = this.repository;
    for (const { path, size } of files) {
      const full = join(this.packages, path);
      if (size > 0 || !isLeftClaim(full))
        this.put(basename(path), { file: sitePath({ repository, path }), full, size });
    }
  }

  named(name: string): readonly PackageFile[] {
    return this.#byName.get(name) ?? [];
  }

  /** Files that stand for the same file of its release, under names that are spelled otherwise. */
  twins(of: NamedFile): PackageFile[] {
    return [...this.#byName].flatMap(([name, files]) => (isTwin(name, of) ? files : []));
  }

  /** A wheel that differs from this name in its platform tags only, and is for the same machine. */
  renamed(filename: string): PackageFile | undefined {
    const start = filename.slice(0, filename.lastIndexOf('-') + 1);
    const machines = architecturesIn(platformTagsOf(filename));
    for (const [name, [file]] of this.#byName) {
      if (name === filename || !name.startsWith(start) || !name.endsWith('.whl')) continue;
      if (architecturesIn(platformTagsOf(name)).some((machine) => machines.includes(machine))) return file;
    }
    return undefined;
  }

  /** Where a file of that name goes when none is there yet. */
  placeFor(name: string): PackageFile {
    return {
      file: fromRoot(this.repository.name, `packages/${name}`),
      full: join(this.packages, name),
      size: 0,
    };
  }

  /** Remember what is there, or was put there. */
  put(name: string, file: PackageFile): void {
    const files = this.#byName.get(name);
    const place = files?.findIndex(({ full }) => full === file.full) ?? -1;
    if (!files) this.#byName.set(name, [file]);
    else if (place < 0) files.push(file);
    else files[place] = file;
  }
}

/** The first that holds these bytes. @throws {FormatError} `not-readable` */
export async function findSameBytes<File extends { full: string; size: number }>(
  files: readonly File[],
  size: number,
  sha256: string,
): Promise<File | undefined> {
  for (const file of files) if (file.size === size && (await hashFile(file.full)) === sha256) return file;
  return undefined;
}
