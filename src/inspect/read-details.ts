import { fstatSync } from 'node:fs';
import { basename } from 'node:path';
import type { Member } from '../formats/archive-member.ts';
import { readZipEntry, type ZipEntry } from '../formats/zip.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { fileSource, withFile } from './inspect-file.ts';
import type { PackageContents } from './package-contents.ts';
import { readPackage } from './read-package.ts';

/** Of each text that is read for people, in bytes. */
const TEXT_LIMIT = TEXT_LIMITS.shownTextBytes;

/** What a page about a package shows besides its metadata. */
export interface FileDetails extends PackageContents {
  /** Of a wheel's `.dist-info`; absent where there is none, or one that is too big. */
  recordText?: string;
  wheelText?: string;
  entryPointsText?: string;
}

/** Open a package whose facts are known, and read what people want to see of it. @throws {FormatError} as `inspectFile` */
export async function readDetails(path: string): Promise<FileDetails> {
  return withFile(path, undefined, async (descriptor) => {
    const source = fileSource(descriptor, fstatSync(descriptor).size);
    const contents = await readPackage(basename(path), source);
    if (contents.kind !== 'wheel') return contents;
    const text = async (name: string): Promise<string | undefined> => {
      const entry = contents.members.findLast((member) => isInInfoFolder(member, name));
      if (!entry || entry.size > TEXT_LIMIT) return undefined;
      return new TextDecoder().decode(await readZipEntry(source, entry as ZipEntry, TEXT_LIMIT));
    };
    const [recordText, wheelText, entryPointsText] = [
      await text('RECORD'),
      await text('WHEEL'),
      await text('entry_points.txt'),
    ];
    return {
      ...contents,
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
