import { readPagesHeader } from './pages-manifest.ts';

/** Names of the repositories that were private when the pages that stand there were made: none where that is not known. */
export function privateWhenPublished(root: string): Set<string> {
  return new Set(readPagesHeader(root)?.privates);
}
