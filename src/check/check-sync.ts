import { join } from 'node:path';
import type { IndexedFile } from '../catalog/model.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import { listFolder, look } from '../io/open-file.ts';
import { FormatError } from '../problems.ts';
import { fromRoot } from '../publish/target.ts';
import { quoted } from '../standards/quoted.ts';
import { headToSign, isSigned, publishedHead } from '../sync/heads-on-disk.ts';
import { readCatalogueText } from '../sync/make-catalogues.ts';
import { cataloguePath, readCatalogue } from '../sync-format/catalogue.ts';
import { HEAD_PATH } from '../sync-format/head.ts';
import { isSyncName, SYNC_FOLDER } from '../sync-format/sync-names.ts';
import type { CheckContext } from './check-context.ts';
import { BUILD, REMOVE } from './ways-out.ts';

/** What sites that follow a repository get, against what it lists. @param files that it lists */
export function checkSync(files: readonly IndexedFile[], repository: string, context: CheckContext): void {
  const { config, target, drifts } = context;
  if (target.copies) return;
  const sync = config.repositories.find(({ name }) => name === repository)?.sync;
  checkNames(repository, sync !== undefined, context);
  if (sync === undefined) return;
  const headPath = fromRoot(repository, HEAD_PATH);
  const published = publishedHead(target, repository);
  if (published && sync === 'signed' && !isSigned(target, repository, published)) {
    drifts.add(headPath, 'is published without a signature of its bytes');
  }
  const waiting = headToSign(target.root, { name: repository, sync });
  const newest = waiting ?? published;
  if (!newest) {
    const isThere = look(join(target.folderOf(repository), HEAD_PATH)) !== undefined;
    drifts.add(headPath, isThere ? 'is no head that could be followed' : 'is missing');
    return;
  }
  for (const made of new Set([published ?? newest, newest])) {
    const { sha256 } = made.head.catalogue;
    const text = readCatalogueText(target, repository, sha256);
    const path = fromRoot(repository, cataloguePath(sha256));
    if (text === undefined) drifts.add(path, 'is missing or damaged, and the head names it');
    else if (made === newest) compare(text, path, files, repository, context);
  }
}

/** The newest catalogue tells of what is listed, and of nothing else. */
function compare(
  text: string,
  path: string,
  files: readonly IndexedFile[],
  repository: string,
  { drifts }: CheckContext,
): void {
  const listed = new Map(files.map((file) => [sitePath(file), file.sha256]));
  try {
    for (const file of readCatalogue(text).files) {
      const place = sitePath({ repository: file.repository ?? repository, path: file.path });
      const sha256 = listed.get(place);
      listed.delete(place);
      if (sha256 === undefined) drifts.add(path, `names ${quoted(place)}, which is not listed`);
      else if (sha256 !== file.sha256) drifts.add(path, `gives another hash of ${quoted(place)} than the index`);
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    drifts.add(path, error.message);
  }
  for (const place of listed.keys()) drifts.add(path, `does not name ${quoted(place)}`, BUILD);
}

function checkNames(repository: string, isWanted: boolean, { target, drifts }: CheckContext): void {
  const folder = join(target.folderOf(repository), SYNC_FOLDER);
  for (const { name } of look(folder)?.isDirectory() ? listFolder(folder) : []) {
    const path = fromRoot(repository, `${SYNC_FOLDER}/${name}`);
    if (isSyncName(name) && !isWanted) drifts.add(path, 'is there for who follows, and sync is off', REMOVE);
    if (!isSyncName(name) && isWanted && !name.startsWith('.kho-')) drifts.add(path, 'is no file of kho’s', REMOVE);
  }
}
