/** As what each published file is sent, by its path from the site's root: the same by `kho serve` and from a bucket. */
import { isNamedByContent } from '../render/web/places.ts';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import { contentType, PACKAGE_TYPE, PAGE_TYPES, PYPI_JSON_TYPE, TEXT_TYPE } from '../standards/http/media-types.ts';
import { SIDE_FILE_KINDS, servedSideOf } from '../standards/side-files.ts';
import { FORM_TYPES } from '../standards/simple-api/negotiate.ts';
import { HEAD_PATH } from '../sync-format/head.ts';
import { isSyncName, SYNC_FOLDER } from '../sync-format/sync-names.ts';
import { splitRepository } from './target.ts';

export interface SentAs {
  /** Content-Type. */
  type: string;
  /** Cache-Control. */
  cache: string;
}

/** @param path from the site's root @param filesImmutable what kho.toml says of packages */
export function sentAs(path: string, filesImmutable: boolean): SentAs {
  const { repository, rest } = splitRepository(path);
  const keptIf = (lasts: boolean) => (lasts ? CACHE_CONTROL.keep : CACHE_CONTROL.ask);
  if (rest.startsWith('packages/')) return { type: fileType(rest), cache: keptIf(filesImmutable) };
  if (rest.startsWith(`${SYNC_FOLDER}/`) && isSyncName(rest.slice(SYNC_FOLDER.length + 1)))
    return { type: fileType(rest), cache: keptIf(syncFileLasts(rest)) };
  return { type: pageType(rest), cache: keptIf(repository === '.' && isNamedByContent(rest)) };
}

/** All but the head bear hashes of what is in them. @param path from the repository's folder */
export function syncFileLasts(path: string): boolean {
  return path !== HEAD_PATH;
}

/**
 * Of a package, of what stands beside one, and of what sites that follow ask for. Never with a Content-Encoding, whatever the name ends in:
 * hashes are of these bytes.
 */
export function fileType(path: string): string {
  if (path === HEAD_PATH) return contentType(PYPI_JSON_TYPE);
  const side = servedSideOf(path);
  return contentType((side && SIDE_FILE_KINDS[side].mediaType) ?? PACKAGE_TYPE);
}

/** Of a page under the name of its file: by the ending; `pypi/NAME/json` is all ending. @param path from the repository's folder */
export function pageType(path: string): string {
  if (path.startsWith('simple/') && path.endsWith('.json')) return FORM_TYPES.json;
  const ending = path.slice(Math.max(path.lastIndexOf('.'), path.lastIndexOf('/')) + 1);
  return contentType(PAGE_TYPES[ending] ?? TEXT_TYPE);
}
