import type { IndexedFile, Release } from '../catalog/model.ts';

/** In the nearest older release, the file that this one takes the place of: of the same kind, for the same machines. */
export function previousFile(
  file: IndexedFile,
  older: readonly Release[],
): { version: string; file: IndexedFile } | undefined {
  const tags = tagsOf(file);
  const [python] = tags.split('-');
  for (const { version, files } of older) {
    const same =
      files.find((other) => tagsOf(other) === tags) ??
      files.find(
        (other) => other.kind === 'wheel' && tagsOf(other).split('-')[0] === python && libcOf(other) === libcOf(file),
      );
    if (same) return { version, file: same };
  }
  return undefined;
}

/** `cp311-cp311-manylinux_2_17_x86_64`; empty for an sdist. */
function tagsOf({ kind, filename }: IndexedFile): string {
  return kind === 'wheel' ? filename.slice(0, -'.whl'.length).split('-').slice(-3).join('-') : '';
}

/** Newer releases often name another glibc: what comes before the numbers tells whether it is the same kind of machine. */
function libcOf(file: IndexedFile): string {
  return tagsOf(file)
    .split('-')
    .at(-1)!
    .split('.')
    .map((tag) => tag.replace(/^manylinux(?:\d+|_\d+_\d+)_/, 'glibc-').replace(/^musllinux_\d+_\d+_/, 'musl-'))
    .sort()[0]!;
}
