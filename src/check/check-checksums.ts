import { posix } from 'node:path';
import type { IndexedFile } from '../catalog/model.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import { fromRoot } from '../publish/target.ts';
import { quoted } from '../standards/quoted.ts';
import { type CheckContext, readPage } from './check-context.ts';

/** `SHA256SUMS` against the files themselves, as `sha256sum -c` would. @param files that have to be in it */
export function checkChecksums(files: readonly IndexedFile[], repository: string, context: CheckContext): void {
  const page = fromRoot(repository, 'SHA256SUMS');
  const text = readPage(page, context);
  if (text === undefined) return;
  const listed = new Map<string, string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const [, sha256, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (sha256 === undefined || path === undefined)
      context.drifts.add(page, `has a line that is none: ${quoted(line)}`);
    else listed.set(posix.normalize(fromRoot(repository, path)), sha256);
  }
  for (const file of files) {
    const path = sitePath(file);
    const sha256 = listed.get(path);
    listed.delete(path);
    const facts = context.audits.get(path)?.facts;
    if (sha256 === undefined) context.drifts.add(page, `does not list ${quoted(path)}`);
    else if (facts && facts.sha256 !== sha256) {
      context.drifts.add(page, `gives a hash of ${quoted(path)} that is not the hash of its bytes`);
    }
  }
  for (const path of listed.keys()) context.drifts.add(page, `lists ${quoted(path)}, which does not belong there`);
}
