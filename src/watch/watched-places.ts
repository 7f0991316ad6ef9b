import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { isReservedName } from '../config/repository-name.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { isPassedOver } from '../standards/passed-over.ts';

/** Which folders of a site are watched, and which events in them are of interest. */
export class WatchedPlaces {
  readonly #root: string;
  /** As the last build found it; until then only the site's own folder is known. */
  config: SiteConfig | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** @param packages folders that hold packages, absolute */
  folders(packages: readonly string[]): string[] {
    const incoming = join(this.#root, 'incoming');
    return [
      this.#root,
      ...(this.config?.repositories.map(({ folder }) => folder) ?? []),
      ...packages,
      ...this.#logo().map((path) => dirname(path)),
      ...(existsSync(incoming) ? foldersBelow(incoming, this.config?.ignore) : []),
    ];
  }

  /** Whether an event may change what is published. @param name empty when the kernel does not say */
  concerns(folder: string, name: string): boolean {
    if (name.startsWith('.')) return false; // kho's own, and what is on its way
    if (name === '' || name === 'kho.toml' || this.#logo().includes(join(folder, name))) return true;
    if (this.#isInPackages(folder)) return !isPassedOver(name, this.config?.ignore);
    return this.#mayBeRepository(folder, name);
  }

  /** As the scan names it: a path below packages/, which may be a link to another disk, stands under its repository. */
  sitePath(folder: string, name: string): string {
    const path = join(folder, name);
    for (const { name: repository, packages } of this.config?.repositories ?? []) {
      if (packages === undefined || (folder !== packages && !folder.startsWith(packages + sep))) continue;
      return join(repository, 'packages', relative(packages, path));
    }
    return relative(this.#root, path);
  }

  /** The picture that all pages show, where there is one: absolute. */
  #logo(): string[] {
    return this.config?.logo === undefined ? [] : [join(this.#root, this.config.logo)];
  }

  /** In the site's and the repositories' own folders only what may become packages is of interest; pages are kho's. */
  #mayBeRepository(folder: string, name: string): boolean {
    if (name === 'packages' || name === 'incoming') return true;
    if (folder !== this.#root) return false;
    // One that is known is gone, or is another by now: only that is told of here.
    if (this.config?.repositories.some((repository) => repository.name === name)) return true;
    if (isReservedName(name) || isPassedOver(name, this.config?.ignore)) return false;
    return statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() === true;
  }

  #isInPackages(folder: string): boolean {
    const homes = this.config?.repositories.flatMap(({ packages }) => packages ?? []) ?? [];
    return [...homes, join(this.#root, 'incoming')].some((home) => folder === home || folder.startsWith(home + sep));
  }
}

/** Of incoming/; what cannot be listed is told by the build as a problem. */
function foldersBelow(folder: string, ignored: readonly string[] | undefined): string[] {
  let below: Dirent[];
  try {
    below = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  below = below.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'refused');
  return [
    folder,
    ...below
      .filter(({ name }) => !isPassedOver(name, ignored))
      .flatMap(({ name }) => foldersBelow(join(folder, name), ignored)),
  ];
}
