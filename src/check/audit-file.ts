import type { Stats } from 'node:fs';
import type { FileFacts } from '../inspect/file-facts.ts';
import { hashFile, inspectFile } from '../inspect/inspect-file.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { look } from '../io/open-file.ts';
import { openingHint } from '../io/opening-line.ts';
import { wayInside } from '../io/reach.ts';
import { FormatError } from '../problems.ts';

/** What is really on disk under a package's name, read anew. */
export interface FileAudit {
  facts?: FileFacts;
  /** Why there are no facts. */
  fault?: string;
  /** Where kho may not look: who has to type what. */
  hint?: string;
  /** Of FILE.metadata, when that can be read; hexadecimal. */
  metadataFileSha256?: string;
}

/** @param path absolute; @param isDeep unpack every member too */
export async function auditFile(path: string, isDeep = false): Promise<FileAudit> {
  let stats: Stats | undefined;
  try {
    const found = look(path);
    stats = found?.isSymbolicLink() ? look(wayInside(path) ?? path) : found;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return { fault: `cannot be looked at (${code})`, hint: openingHint(path, code) };
  }
  if (!stats?.isFile()) return { fault: 'is not there' };
  const metadataFileSha256 = await hashIfThere(`${path}.metadata`);
  const ofMetadata = metadataFileSha256 === undefined ? {} : { metadataFileSha256 };
  try {
    const { facts } = await inspectFile(path, fileStamp(stats), isDeep ? { verify: {} } : {});
    return { facts, ...ofMetadata };
  } catch (error) {
    if (error instanceof FormatError) return { fault: error.message, ...ofMetadata };
    throw error;
  }
}

async function hashIfThere(path: string): Promise<string | undefined> {
  try {
    return await hashFile(path);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
