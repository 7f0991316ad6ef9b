import type { IndexedFile, Release } from './model.ts';

/** The file that tells most about a release: rather one that is not yanked, rather a wheel, then the first by name. */
export function bestFile(release: Release): IndexedFile {
  const rank = (file: IndexedFile) => (file.yanked === undefined ? 0 : 2) + (file.kind === 'wheel' ? 0 : 1);
  return release.files.reduce((best, file) => (rank(file) < rank(best) ? file : best));
}
