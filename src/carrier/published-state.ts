/** What a repository here publishes for those who follow it, as it goes onto a disk: byte for byte, so that its signature holds. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { RepositoryConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { look, readFile, readText } from '../io/open-file.ts';
import { FormatError } from '../problems.ts';
import { type Catalogue, cataloguePath, readCatalogue } from '../sync-format/catalogue.ts';
import { HEAD_PATH, headSha256, readHead, type SyncHead, signaturePath } from '../sync-format/head.ts';

export interface PublishedState {
  head: SyncHead;
  /** The head, byte for byte. */
  text: string;
  signature?: string;
  /** Byte for byte, and read. */
  catalogue: string;
  read: Catalogue;
}

/** Whether it publishes something for those who follow it. */
export function isFollowed({ folder }: RepositoryConfig): boolean {
  return look(join(folder, HEAD_PATH))?.isFile() === true;
}

/** @throws {KhoError} READ where there is none, or not all of it is there */
export function publishedState(repository: RepositoryConfig): PublishedState {
  const { name, folder } = repository;
  const path = join(folder, HEAD_PATH);
  if (!isFollowed(repository)) {
    throw new KhoError('READ', `Cannot pack "${name}": it publishes nothing for those who follow it`, {
      hint: 'say sync = true for it in kho.toml, and run kho build',
    });
  }
  try {
    const text = readText(path);
    const head = readHead(text);
    const signature = join(folder, signaturePath(headSha256(text)));
    const catalogue = readWhole(join(folder, cataloguePath(head.catalogue.sha256)), head.catalogue.sha256);
    return {
      ...{ head, text, catalogue, read: readCatalogue(catalogue) },
      ...(look(signature)?.isFile() && { signature: readText(signature) }),
    };
  } catch (cause) {
    if (!(cause instanceof FormatError) && (cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new KhoError('READ', `Cannot pack "${name}": what it publishes for those who follow it is damaged`, {
      ...{ cause, hint: 'run kho build, which makes it anew' },
    });
  }
}

/** @throws {FormatError} */
function readWhole(path: string, sha256: string): string {
  const bytes = look(path) ? readFile(path) : brotliDecompressSync(readFile(`${path}.br`));
  if (hash('sha256', bytes, 'hex') === sha256) return bytes.toString('utf8');
  throw new FormatError('bad-catalogue', `Cannot read "${path}": it has another sha256 than its head names`);
}
