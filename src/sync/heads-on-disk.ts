/** Heads where followers find them, and those that wait in `.kho/to-sign/REPO/` until somebody signs them. */
import { join } from 'node:path';
import type { RepositoryConfig } from '../config/site-config.ts';
import { makeFolder, removeEmptyFolder, removeFile } from '../io/disk.ts';
import { look, readStart, readText } from '../io/open-file.ts';
import { putFile } from '../io/write-file-atomic.ts';
import { stateFolder } from '../publish/state-folder.ts';
import type { Target } from '../publish/target.ts';
import { LONGEST_SIGNATURE, signingKey } from '../standards/sshsig/ssh-signature.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { HEAD_PATH, SIGNATURE_NAMESPACE, signaturePath } from '../sync-format/head.ts';
import { type MadeHead, madeHead } from './kept-heads.ts';

/** @returns undefined where there is none that can be read */
export function publishedHead(target: Target, repository: string): MadeHead | undefined {
  return headAt(join(target.folderOf(repository), HEAD_PATH));
}

function headAt(path: string): MadeHead | undefined {
  const stats = look(path);
  if (!stats?.isFile() || stats.size > TEXT_LIMITS.syncHeadBytes) return undefined;
  return madeHead(readText(path));
}

/** Whether the signature beside it is of its bytes. By whom it is, those judge who follow. */
export function isSigned(target: Target, repository: string, { text, sha256 }: MadeHead): boolean {
  const path = join(target.folderOf(repository), signaturePath(sha256));
  if (!look(path)?.isFile()) return false;
  const signature = readStart(path, LONGEST_SIGNATURE).toString('latin1');
  return typeof signingKey(Buffer.from(text), signature, SIGNATURE_NAMESPACE) !== 'string';
}

/** No repository's name may begin with a dot. */
const SITE_ITSELF = '.site';

/** Where heads wait, by repository. */
export function toSignFolder(root: string): string {
  return join(stateFolder(root), 'to-sign');
}

function waitingFolder(root: string, repository: string): string {
  return join(toSignFolder(root), repository === '.' ? SITE_ITSELF : repository);
}

/** The repository whose head waits in a folder of that name. */
export function waitingName(folder: string): string {
  return folder === SITE_ITSELF ? '.' : folder;
}

const waitingPath = (root: string, repository: string) => join(waitingFolder(root, repository), 'head.json');

/** The head that waits for its signature, if any. */
export function waitingHead(root: string, repository: string): MadeHead | undefined {
  return headAt(waitingPath(root, repository));
}

/** The same of a repository whose heads are signed; others have none that waits. */
export function headToSign(
  root: string,
  { name, sync }: Pick<RepositoryConfig, 'name' | 'sync'>,
): MadeHead | undefined {
  return sync === 'signed' ? waitingHead(root, name) : undefined;
}

/** Where who signs by other means finds it; a power cut may take it, and then the next build makes another. @throws {KhoError} WRITE */
export function putWaiting(root: string, repository: string, text: string): void {
  makeFolder(waitingFolder(root, repository));
  putFile(waitingPath(root, repository), text);
}

/** @throws {KhoError} WRITE */
export function forgetWaiting(root: string, repository: string): void {
  if (!look(waitingFolder(root, repository))) return;
  removeFile(waitingPath(root, repository));
  removeEmptyFolder(waitingFolder(root, repository));
}
