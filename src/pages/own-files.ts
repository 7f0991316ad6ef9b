import { readStart } from '../io/open-file.ts';
import { walkFiles } from '../io/walk-files.ts';
import { isReplaceableIndex } from '../render/listing.ts';

/** Style, script, texts and search data; a feed. Each may have packed forms beside it. */
const OWN_NAME = /^(?:(?:kho|theme|texts-[a-z-]+)\.\w{10}\.(?:css|js)|search-\d+\.js|changes\.xml)(?:\.gz|\.br)?$/;

/** So many bytes of a page hold the beginning of its head, where its generator is named. */
const HEAD_BYTES = 4096;

/** Visit all that a folder `project/` holds, and say of each file whether kho made it: then, and only then, kho may remove it unasked. */
export function walkPages(folder: string, visit: (path: string, isOwn: boolean) => void): void {
  walkFiles(folder, (path, name) => visit(path, isOwnFile(path, name)));
}

/** Names of pages are ordinary ones: only what is in a page tells who wrote it. */
function isOwnFile(path: string, name: string): boolean {
  if (name.startsWith('.kho-') || OWN_NAME.test(name)) return true;
  if (/\.html\.(?:gz|br)$/.test(name)) return isOwnPage(path.replace(/\.(?:gz|br)$/, ''));
  return name.endsWith('.html') && isOwnPage(path);
}

function isOwnPage(path: string): boolean {
  try {
    return isReplaceableIndex(readStart(path, HEAD_BYTES).toString('utf8'));
  } catch {
    return false;
  }
}
