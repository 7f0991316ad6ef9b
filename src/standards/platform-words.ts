/** Which machines files are for, in words. */
import { parseWheelFilename } from './wheel-filename.ts';

/** Tags by what they start with, in the order in which the words are shown. `$1` is the machine. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^any$/, 'any'],
  [/^manylinux(?:1|2010|2014|_\d+_\d+)_(\w+)$/, 'manylinux $1'],
  [/^musllinux_\d+_\d+_(\w+)$/, 'musllinux $1'],
  [/^(linux_\w+)$/, '$1'],
  [/^macosx_.*$/, 'macOS'],
  [/^win(?:32$|_.*$)/, 'Windows'],
  [/^ios_.*$/, 'iOS'],
  [/^android_.*$/, 'Android'],
  [/^(?:py)?(?:emscripten|pyodide)_.*$/, 'WebAssembly'],
  [/^(.*)$/, '$1'],
];

/** For files of a project or release together: each once, sorted by family, sdists last. */
export function platformWords(files: readonly { filename: string; kind: 'wheel' | 'sdist' }[]): string[] {
  const ranks = new Map<string, number>();
  for (const { filename, kind } of files) {
    if (kind === 'sdist') {
      ranks.set('sdist', FAMILIES.length);
      continue;
    }
    for (const tag of parseWheelFilename(filename).platform.toLowerCase().split('.')) {
      const rank = FAMILIES.findIndex(([pattern]) => pattern.test(tag));
      const [pattern, words] = FAMILIES[rank]!; // The last pattern fits every tag.
      ranks.set(tag.replace(pattern, words), rank);
    }
  }
  return [...ranks].sort(([a, rankA], [b, rankB]) => rankA - rankB || (a < b ? -1 : 1)).map(([words]) => words);
}
