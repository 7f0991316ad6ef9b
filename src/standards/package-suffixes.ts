/**
 * How names of packages end. One line here is all that a further kind of sdist needs; where kho cannot unpack it yet, the compiler says so
 * (`Compression` in formats/decompress.ts).
 *
 * Source: PyPA "Binary distribution format", "Source distribution format" (PEP 625), and what pip takes besides.
 */
import type { Compression } from '../formats/decompress.ts';

export const WHEEL_SUFFIX = '.whl';

/** By ending: a zip archive, or how the tar archive is packed. What is offered first, stands first. */
export const SDIST_ARCHIVES = {
  '.tar.gz': 'gzip',
  '.zip': 'zip',
  '.tar.bz2': 'bzip2',
  '.tar.xz': 'xz',
  '.tgz': 'gzip',
} as const satisfies Readonly<Record<string, Compression | 'zip'>>;

export type SdistSuffix = keyof typeof SDIST_ARCHIVES;

export const SDIST_SUFFIXES = Object.keys(SDIST_ARCHIVES) as readonly SdistSuffix[];

export function sdistSuffixOf(filename: string): SdistSuffix | undefined {
  return SDIST_SUFFIXES.find((suffix) => filename.endsWith(suffix));
}

/** For regular expressions of every language: `whl|tar\.gz|…`. */
export const PACKAGE_ENDINGS = [WHEEL_SUFFIX, ...SDIST_SUFFIXES]
  .map((suffix) => suffix.slice(1).replaceAll('.', '\\.'))
  .join('|');

const PACKAGE = new RegExp(`\\.(?:${PACKAGE_ENDINGS})$`);

/** Whether a file is a wheel or an sdist by the end of its name. */
export function isPackageName(filename: string): boolean {
  return PACKAGE.test(filename);
}

/** What stands behind the last dot of a packed sdist's name, and web servers take for an encoding: `.gz`. */
export const ENCODING_ENDINGS: readonly string[] = [
  ...new Set(
    SDIST_SUFFIXES.filter((suffix) => SDIST_ARCHIVES[suffix] !== 'zip').map((suffix) =>
      suffix.slice(suffix.lastIndexOf('.')),
    ),
  ),
];
