import { join } from 'node:path';
import { look, readText } from '../io/open-file.ts';
import { FormatError } from '../problems.ts';
import type { Target } from '../publish/target.ts';
import type { NormalizedName } from '../standards/name.ts';
import { parseProjectDetail } from '../standards/simple-api/json.ts';

/** Where a site is published to. */
export interface IndexPlace {
  target: Target;
  /** See `indexBefore`. */
  hasIndex(repository: string): boolean;
}

/** When the bytes were first published, in milliseconds since 1970; or that others were, under this name. */
export type Recalled = number | 'other bytes' | undefined;

interface Listed {
  /** By `FILENAME SHA256`. */
  times: Map<string, number>;
  filenames: Set<string>;
}

/**
 * Upload times live in the published index.json itself, so that they outlive `.kho`: asks it, once for each repository,
 * when a file with this hash was first published.
 *
 * @param places the first that knows the bytes is believed
 */
export function recallUploads(places: readonly IndexPlace[], name: NormalizedName) {
  const listedFiles = new Map<string, Listed[]>();
  return (repository: string, filename: string, sha256: string): Recalled => {
    let listed = listedFiles.get(repository);
    if (!listed) {
      listed = places
        .filter(({ hasIndex }) => hasIndex(repository))
        .map(({ target }) => readListed(join(target.folderOf(repository), 'simple', name, 'index.json')));
      listedFiles.set(repository, listed);
    }
    for (const { times } of listed) {
      const time = times.get(`${filename} ${sha256}`);
      if (time !== undefined) return time;
    }
    return listed.some(({ filenames }) => filenames.has(filename)) ? 'other bytes' : undefined;
  };
}

function readListed(path: string): Listed {
  const listed: Listed = { times: new Map(), filenames: new Set() };
  if (!look(path)?.isFile()) return listed; // not published yet
  try {
    for (const { filename, hashes, ...file } of parseProjectDetail(readText(path)).files) {
      const time = Date.parse(file['upload-time']);
      if (!Number.isFinite(time)) continue;
      listed.times.set(`${filename} ${hashes.sha256}`, time);
      listed.filenames.add(filename);
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error; // else another tool's page
  }
  return listed;
}
