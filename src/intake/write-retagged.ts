import { shownPath } from '../formats/archive-member.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { rewriteZip } from '../formats/rewrite-zip.ts';
import { readZipDirectory, readZipEntry, type ZipEntry } from '../formats/zip.ts';
import { checkUnchanged, fileSource, withFile } from '../inspect/inspect-file.ts';
import { removeFile, writeInPieces } from '../io/disk.ts';
import type { FileStamp } from '../io/file-stamp.ts';
import { FormatError } from '../problems.ts';
import { expandTags } from '../standards/tags.ts';
import { withTags } from '../standards/wheel-file.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';
import { changeRecord } from '../standards/wheel-record.ts';

/** Of WHEEL and RECORD, in bytes; ten times what the biggest real ones have. */
const LIMIT = 64 * 1024 * 1024;

/** Signatures of RECORD (deprecated by PEP 815): of a changed one they would be wrong. */
const SIGNATURES = ['RECORD.jws', 'RECORD.p7s'];

/**
 * Write a wheel anew for the tags of another name. Only what names the tags changes: WHEEL, and its line in RECORD. The same wheel
 * gives the same bytes each time.
 *
 * @param from a wheel that `inspectFile` and `verifyMembers` find no fault with
 * @param seen what it was then
 * @param to must not exist yet; its folder must
 * @param filename the new one
 * @throws {FormatError} `changed-while-reading`, and what is wrong with the archive; {KhoError} WRITE
 */
export async function writeRetagged(from: string, seen: FileStamp, to: string, filename: string): Promise<void> {
  await withFile(from, seen, async (descriptor) => {
    const source = fileSource(descriptor, seen.size);
    await writeInPieces(to, rewriteZip(source, await replacements(source, filename)));
    try {
      checkUnchanged(descriptor, seen);
    } catch (error) {
      removeFile(to);
      throw error;
    }
  });
}

async function replacements(
  source: ByteSource,
  filename: string,
): Promise<ReadonlyMap<string, Uint8Array | undefined>> {
  const members = await readZipDirectory(source);
  const wheelMember = members.findLast(({ path }) => /^[^/]+\.dist-info\/WHEEL$/.test(path));
  if (!wheelMember) throw new FormatError('no-metadata', 'has no WHEEL, which names its tags');
  const folder = wheelMember.path.slice(0, -'WHEEL'.length);
  const recordMember = members.findLast(({ path }) => path === `${folder}RECORD`);
  if (!recordMember) throw new FormatError('no-metadata', `has no ${shownPath(`${folder}RECORD`)}`);
  const { python, abi, platform } = parseWheelFilename(filename);
  const wheel = withTags(await readSmall(source, wheelMember), expandTags(python, abi, platform));
  const changed = new Map<string, Uint8Array | undefined>([[wheelMember.path, wheel]]);
  for (const name of SIGNATURES) changed.set(folder + name, undefined);
  const record = changeRecord(await readSmall(source, recordMember), changed);
  return new Map([...changed, [recordMember.path, record]]);
}

function readSmall(source: ByteSource, member: ZipEntry): Promise<Uint8Array> {
  return readZipEntry(source, member, LIMIT);
}
