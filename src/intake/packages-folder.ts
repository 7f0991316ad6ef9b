import { join } from 'node:path';
import type { RepositoryConfig } from '../config/site-config.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import { fromRoot } from '../publish/target.ts';
import { isTwin, type NamedFile } from '../standards/file-identity.ts';
import { architecturesIn } from '../standards/platforms/platform-tag.ts';
import { platformTagsOf } from '../standards/platforms/wheel-platforms.ts';
import type { PackageFile, PackagesListing } from './packages-listing.ts';

/** What packages/ of one repository holds, by file name; sub-folders too. */
export class PackagesFolder {
  readonly repository: RepositoryConfig;
  readonly packages: string;
  readonly #listing: PackagesListing;

  constructor(repository: RepositoryConfig, listing: PackagesListing) {
    this.repository = repository;
    this.packages = repository.packages as string;
    this.#listing = listing;
  }

  named(name: string): readonly PackageFile[] {
    return this.#listing.named(name);
  }

  /** Files that stand for the same file of its release, under names that are spelled otherwise. */
  twins(of: NamedFile): PackageFile[] {
    return this.#listing.namesLike(of.project).flatMap((name) => (isTwin(name, of) ? this.named(name) : []));
  }

  /** A wheel that differs from this name in its platform tags only, and is for the same machine. */
  renamed(filename: string): PackageFile | undefined {
    const start = filename.slice(0, filename.lastIndexOf('-') + 1);
    const machines = architecturesIn(platformTagsOf(filename));
    for (const name of this.#listing.names()) {
      if (name === filename || !name.startsWith(start) || !name.endsWith('.whl')) continue;
      if (architecturesIn(platformTagsOf(name)).some((machine) => machines.includes(machine)))
        return this.named(name)[0];
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

  /** Remember what was put there. */
  put(name: string, file: PackageFile): void {
    this.#listing.put(name, file);
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
