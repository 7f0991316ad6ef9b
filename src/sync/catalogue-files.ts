import type { Target } from '../publish/target.ts';
import type { PageFile } from '../render/packed-forms.ts';
import { pack } from '../standards/http/pack.ts';
import { cataloguePath } from '../sync-format/catalogue.ts';
import { diffPath, writeDiff } from '../sync-format/catalogue-diff.ts';
import { readCatalogueText } from './make-catalogues.ts';

/** From so many of the newest catalogues that were published there are differences to the next. */
export const DIFFS_FROM = 8;

/** A difference is worth the asking where, packed, it has at most this share of the packed catalogue. */
const WORTH = 0.5;

/**
 * A catalogue, itself and packed, and the differences to it, in the order in which they are published.
 *
 * @param from hashes of the catalogues that followers may have
 */
export async function catalogueFiles(
  target: Target,
  repository: string,
  { sha256, text }: { sha256: string; text: string },
  from: readonly string[],
): Promise<PageFile[]> {
  const packed = await pack(Buffer.from(text), 'br');
  const path = cataloguePath(sha256);
  const files: PageFile[] = [asFile(path, text), asFile(`${path}.br`, packed)];
  for (const older of from) {
    const before = older === sha256 ? undefined : readCatalogueText(target, repository, older);
    if (before === undefined) continue;
    const diff = await pack(Buffer.from(writeDiff(before, text)), 'br');
    if (diff.length <= packed.length * WORTH) files.push(asFile(diffPath(older, sha256), diff));
  }
  return files;
}

/** Its name changes with its content, so it is compared by that. */
export function asFile(path: string, content: string | Uint8Array): PageFile {
  return { path, inputs: '', render: () => content };
}
