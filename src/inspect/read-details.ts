import { fstatSync } from 'node:fs';
import { basename } from 'node:path';
import type { Member } from '../formats/archive-member.ts';
import { readZipEntry, type ZipEntry } from '../formats/zip.ts';
import type { FileIdentity } from '../io/file-stamp.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { fileSource, withFile } from './inspect-file.ts';
import type { PackageContents } from './package-contents.ts';
import { readPackage } from './read-package.ts';

/** Of each text that is read for people, in bytes. */
const TEXT_LIMIT = TEXT_LIMITS.shownTextBytes;

/** What pages about a package show. */
export interface FileDetails extends Pick<PackageContents, 'metadata' | 'metadataBytes' | 'members'> {
  /** Of a wheel's `.dist-info`; absent where there is none, or one that is too big. */
  recordText?: string;
  wheelText?: string;
  entryPointsText?: string;
}

/** Open a package whose facts are known, and read what people want to see of it. @param seen what was seen there; @throws {FormatError} as `inspectFile` */
export async function readDetails(path: string, seen?: FileIdentity): Promise<FileDetails> {
  return withFile(path, seen, async (descriptor) => {
    const source = fileSource(descriptor, fstatSync(descriptor).size);
    const contents = await readPackage(basename(path), source);
    const { metadata, metadataBytes, members } = contents;
    const details = { metadata, metadataBytes, members };
    if (contents.kind !== 'wheel') return details;
    const text = async (name: string): Promise<string | undefined> => {
      const entry = members.findLast((member) => isInInfoFolder(member, name));
      if (!entry || entry.size > TEXT_LIMIT) return undefined;
      return new TextDecoder().decode(await readZipEntry(source, entry as ZipEntry, TEXT_LIMIT));
    };
    const [recordText, wheelText, entryPointsText] = [
      await text('RECORD'),
      await text('WHEEL'),
      await text('entry_points.txt'),
    ];
    return {
      ...details,
      ...(recordText !== undefined && { recordText }),
      ...(wheelText !== undefined && { wheelText }),
      ...(entryPointsText !== undefined && { entryPointsText }),
    };
  });
}

/** Wheels have one such folder, at the top: `readWheel` has seen to that. */
function isInInfoFolder({ path, kind }: Member, name: string): boolean {
  return kind === 'file' && path.endsWith(`.dist-info/${name}`) && path.indexOf('/') === path.length - name.length - 1;
}
