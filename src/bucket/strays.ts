/** What stands in a bucket, and neither the site nor its record has. */
import type { ListedObject } from '../object-store/object-store.ts';
import { isOwnPath } from '../publish/published-path.ts';
import { splitRepository } from '../publish/target.ts';
import { isPackageName } from '../standards/package-suffixes.ts';
import { servedSideOf } from '../standards/side-files.ts';
import { HEAD_KEY } from './bucket-head.ts';
import { isPublishable, RECORD_FOLDER } from './bucket-record.ts';
import type { ObjectStep } from './bucket-source.ts';

/** The unit that such objects are recorded in, until they go. */
export const STRAYS_UNIT = 'strays';

/** Collects them as they are listed. */
export class Strays {
  readonly #keys: string[] = [];
  /** Below these, other sites publish. */
  readonly #others: string[] = [];

  see({ key }: ListedObject): void {
    if (key.startsWith(RECORD_FOLDER)) return;
    if (key.endsWith(`/${HEAD_KEY}`)) this.#others.push(key.slice(0, -HEAD_KEY.length));
    this.#keys.push(key);
  }

  /** Without what the record knows of. */
  *unknown(known: ReadonlySet<string>): Generator<string> {
    for (const key of this.#keys) if (!known.has(key) && !this.isOfAnother(key)) yield key;
  }

  isOfAnother(key: string): boolean {
    return this.#others.some((folder) => key.startsWith(folder));
  }
}

/**
 * As what kho itself would have put it there; undefined for what is somebody else's, and stays.
 *
 * @param repositories in which the site has something there: below other names anything may stand
 */
export function strayStep(key: string, repositories: ReadonlySet<string>): ObjectStep | undefined {
  const { repository, rest } = splitRepository(key);
  if (!repositories.has(repository) || !isPublishable(key)) return undefined;
  const isFile = rest.startsWith('packages/');
  if (!isFile) return isOwnPath(key.endsWith('/') ? `${key}index.html` : key, true) ? 'page' : undefined;
  const side = servedSideOf(rest);
  const name = side === undefined ? rest : rest.slice(0, -side.length - 1);
  if (!isPackageName(name)) return undefined;
  return side === undefined ? 'package' : 'companion';
}
