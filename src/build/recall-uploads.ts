import { join } from 'node:path';
import { look, readText } from '../io/open-file.ts';
import { FormatError } from '../problems.ts';
import type { Target } from '../publish/target.ts';
import type { NormalizedName } from '../standards/name.ts';
import { parseProjectDetail } from '../standards/simple-api/json.ts';

/**
 * Upload times live in the published index.json itself, so that they outlive `.kho`: asks it, once for each repository,
 * when a file with this hash was first published.
 *
 * @param hasIndex see `indexBefore`
 */
export function recallUploads(target: Target, name: NormalizedName, hasIndex: (repository: string) => boolean) {
  const known = new Map<string, Map<string, number>>();
  return (repository: string, filename: string, sha256: string): number | undefined => {
    let times = known.get(repository);
    if (!times) {
      times = hasIndex(repository)
        ? readUploadTimes(join(target.folderOf(repository), 'simple', name, 'index.json'))
        : new Map<string, number>();
      known.set(repository, times);
    }
    return times.get(`${filename} ${sha256}`);
  };
}

function readUploadTimes(path: string): Map<string, number> {
  if (!look(path)?.isFile()) return new Map(); // not published yet
  try {
    const times = parseProjectDetail(readText(path)).files.map((file): [string, number] => [
      `${file.filename} ${file.hashes.sha256}`,
      Date.parse(file['upload-time']),
    ]);
    return new Map(times.filter(([, time]) => Number.isFinite(time)));
  } catch (error) {
    if (error instanceof FormatError) return new Map(); // another tool's page
    throw error;
  }
}
