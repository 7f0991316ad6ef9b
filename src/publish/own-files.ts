/** Whose a file is in the folders that kho owns wholly, by its name and by what is in it: only kho's own kinds are ever removed unasked. */
import { brotliDecompressSync, constants, gunzipSync } from 'node:zlib';
import { look, readStart } from '../io/open-file.ts';
import { isOwn } from '../io/trusted-owners.ts';
import { walkFiles } from '../io/walk-files.ts';
import { isReplaceableIndex } from '../render/simple/listing.ts';

/** What indexes own wholly in a repository's folder. */
export const INDEX_FOLDERS = ['simple', 'pypi'] as const;

/** The one folder that pages for people are in, but for front pages. */
export const PAGES_FOLDER = 'project';

export type OwnedFolder = (typeof INDEX_FOLDERS)[number] | typeof PAGES_FOLDER;

/** Style, script, texts, the icon and search data; a feed. Each may have packed forms beside it. */
const OWN_NAME =
  /^(?:(?:kho|theme|icon|texts-[a-z-]+)\.\w{10}\.(?:css|js|svg)|search-(?:all|(?:all-)?(?:\d+|[0-9a-z]{10}))\.js|changes\.xml)(?:\.gz|\.br)?$/;

/** So many bytes of a page hold the beginning of its head, where its generator is named. */
const HEAD_BYTES = 4096;

/** Of a packed form that is unpacked to see what it is, and of what comes out. In bytes. */
const PACKED_BYTES = 1024 * 1024;
const UNPACKED_BYTES = 64 * 1024 * 1024;

/** What indexes and pages are called. */
const PAGE_NAME = /(?:\.(?:html|css|js|xml)|^(?:index\.)?json)(?:\.gz|\.br)?$/;

const HTML = /^\ufeff?\s*<(?:!doctype|html|head|!--)/i;

/** As indexes of this and other tools begin: an object of which at least one of these is a key. */
const JSON_INDEX = /^\ufeff?\s*\{.*"(?:meta|info|files|projects|name|releases|urls|last_serial)"\s*:/s;

/** Visit all that one of the folders holds, and say of each file whether it may be removed unasked. @param top absolute */
export function walkOwned(folder: OwnedFolder, top: string, visit: (path: string, isOwn: boolean) => void): void {
  walkFiles(top, (path, name) => visit(path, isOwnFile(folder, path, name)));
}

/** @param path absolute, somewhere in `folder` */
export function isOwnFile(folder: OwnedFolder, path: string, name: string): boolean {
  const stats = look(path);
  if (!stats?.isFile()) return false;
  if (name.startsWith('.kho-')) return isOwn(stats.uid);
  if (stats.size === 0 && PAGE_NAME.test(name)) return true; // a page whose content a power cut took
  return folder === PAGES_FOLDER ? isPageForPeople(path, name) : isIndexPage(path, name);
}

/** Kho's only: people have folders called `project` too. */
function isPageForPeople(path: string, name: string): boolean {
  if (OWN_NAME.test(name)) return true;
  return /\.html(?:\.gz|\.br)?$/.test(name) && isReplaceableIndex(startOf(path));
}

/** Also of the tool that made the index before kho did. */
function isIndexPage(path: string, name: string): boolean {
  const kind = /^(?:.+\.(html)|(?:index\.)?(json)|.+\.(css|js)|(?:atom|changes)\.(xml))(?:\.gz|\.br)?$/.exec(name);
  if (!kind) return false;
  const [, html, json] = kind;
  if (html) return HTML.test(startOf(path));
  return json ? JSON_INDEX.test(startOf(path)) : true;
}

/** Of the text of a page; of a packed form, of what is packed. Empty when it cannot be read. */
function startOf(path: string): string {
  try {
    return unpackedStart(path).toString('utf8');
  } catch {
    return '';
  }
}

function unpackedStart(path: string): Buffer {
  const limits = { maxOutputLength: UNPACKED_BYTES };
  if (path.endsWith('.gz')) {
    return gunzipSync(readStart(path, PACKED_BYTES), { ...limits, finishFlush: constants.Z_SYNC_FLUSH });
  }
  if (path.endsWith('.br')) {
    return brotliDecompressSync(readStart(path, PACKED_BYTES), {
      ...limits,
      finishFlush: constants.BROTLI_OPERATION_FLUSH,
    });
  }
  return readStart(path, HEAD_BYTES);
}
