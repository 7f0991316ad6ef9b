import type { AskedFile } from '../index/publish-asked.ts';
import { fromRoot } from '../publish/target.ts';
import { SIDE_FILES } from '../standards/side-files.ts';

const SIDE_ENDING = new RegExp(`\\.(?:${SIDE_FILES.join('|')})$`);

/** Files that somebody asked for: events about them are no news. Paths are from the site's root. */
export class AskedPlaces {
  /** How many asked for it. */
  readonly #paths = new Map<string, number>();

  /** @returns paths of which events may have come by now: their own, and those of what may stand beside them */
  add(files: readonly AskedFile[]): string[] {
    const paths = pathsOf(files);
    for (const path of paths) this.#paths.set(path, (this.#paths.get(path) ?? 0) + 1);
    return paths.flatMap((path) => [path, ...SIDE_FILES.map((side) => `${path}.${side}`)]);
  }

  remove(files: readonly AskedFile[]): void {
    for (const path of pathsOf(files)) {
      const left = (this.#paths.get(path) ?? 0) - 1;
      if (left > 0) this.#paths.set(path, left);
      else this.#paths.delete(path);
    }
  }

  /** @param path of a file, or of what stands beside one */
  has(path: string): boolean {
    return this.#paths.size > 0 && this.#paths.has(path.replace(SIDE_ENDING, ''));
  }
}

function pathsOf(files: readonly AskedFile[]): string[] {
  return files.flatMap(({ repository, path }) =>
    path === undefined ? [] : [fromRoot(repository, `packages/${path}`)],
  );
}
