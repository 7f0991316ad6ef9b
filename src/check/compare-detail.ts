import { firstDifference } from '../clients/first-difference.ts';
import type { DriftList } from '../drift.ts';
import { quoted } from '../standards/quoted.ts';

/** As much as `viewJson` has made sure of. */
export interface ViewedDetail {
  files: { filename: string; hashes?: { sha256?: unknown }; 'core-metadata'?: unknown }[];
}

/**
 * Hold what a project's index.json says against what it ought to say. Hashes and metadata are left to `checkLinks`, which
 * asks the files themselves.
 *
 * @param page its path from the site's root
 */
export function compareDetail(is: ViewedDetail, should: ViewedDetail, page: string, drifts: DriftList): void {
  const { files, ...rest } = is;
  const { files: expectedFiles, ...expectedRest } = should;
  const difference = firstDifference(rest, expectedRest);
  if (difference !== undefined) drifts.add(page, difference);

  const found = new Map(files.map((file) => [file.filename, file]));
  if (found.size < files.length) drifts.add(page, 'lists a file twice');
  for (const expected of expectedFiles) {
    const file = found.get(expected.filename);
    found.delete(expected.filename);
    if (!file) drifts.add(page, `does not list ${quoted(expected.filename)}`);
    else if (file.hashes?.sha256 === expected.hashes?.sha256) {
      const difference = firstDifference(withoutMetadata(file), withoutMetadata(expected));
      if (difference !== undefined) drifts.add(page, `${difference} (of ${quoted(file.filename)})`);
    }
  }
  for (const filename of found.keys()) drifts.add(page, `lists ${quoted(filename)}, which does not belong there`);
}

function withoutMetadata({ 'core-metadata': _, ...file }: ViewedDetail['files'][number]): unknown {
  return file;
}
