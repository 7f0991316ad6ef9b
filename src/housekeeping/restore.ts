import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { look } from '../io/open-file.ts';
import { PEOPLES_SIDE_FILES } from '../standards/side-files.ts';
import { asSeen } from './find-packages.ts';
import { type Doer, housekeep, record } from './housekeeping.ts';
import { pathIn, type Relocation, relocate } from './relocate.ts';
import { checkRepository, isSelected, projectOf, type Selection } from './selection.ts';
import { listTrash, type TrashedFile } from './trash.ts';

export interface RestoreResult {
  /** From the site's root. */
  file: string;
  /** Where it was, from the site's root. */
  from: string;
}

/**
 * Bring files back from the trash to where they were, with what belongs to them: of several that were removed from one place, the last.
 *
 * @throws {KhoError} USAGE for what is not in the trash; WRITE where other bytes took its name; LOCKED
 */
export async function restore(
  config: SiteConfig,
  selections: readonly Selection[],
  { only, ...doer }: Doer & { only?: string },
): Promise<RestoreResult[]> {
  const seen = asSeen(config, doer.sees);
  if (only !== undefined) checkRepository(seen, only);
  return housekeep(config, doer, async (placing) => {
    const mayKnow = ({ repository }: TrashedFile) => doer.sees === undefined || doer.sees.has(repository);
    const inTrash = listTrash(config.root).filter(
      (file) => mayKnow(file) && (only === undefined || file.repository === only),
    );
    const chosen = new Map<string, { file: TrashedFile; selection: Selection }>();
    for (const selection of selections) {
      const files = inTrash.filter(({ full }) => isSelected(selection, full));
      if (files.length === 0) throw notInTrash(selection, only);
      for (const file of files) if (!chosen.has(file.was)) chosen.set(file.was, { file, selection });
    }
    const relocations: Relocation[] = [];
    for (const { file } of chosen.values()) {
      doer.permit?.(file);
      checkRepository(seen, file.repository); // it may be gone since
      for (const side of PEOPLES_SIDE_FILES) {
        const full = `${file.full}.${side}`;
        if (!look(full)?.isFile() || look(pathIn(config, `${file.was}.${side}`))) continue; // what is there by now is newer
        relocations.push({ from: `${file.file}.${side}`, to: `${file.was}.${side}`, sha256: await hashFile(full) });
      }
      const sha256 = await hashFile(file.full);
      relocations.push({ from: file.file, to: file.was, sha256 });
    }
    await relocate(config, placing, relocations, () => {
      for (const { file, selection } of chosen.values()) {
        const { repository, filename, full, was } = file;
        const stats = look(full);
        const project = projectOf(filename, selection);
        const sha256 = relocations.find(({ to }) => to === was)?.sha256;
        const found = { repository, filename, full, file: was, sides: [], ...(project !== undefined && { project }) };
        if (stats)
          record(config, doer, 'restore', { ...found, stamp: fileStamp(stats) }, { ...(sha256 && { sha256 }) });
      }
    });
    return [...chosen.values()].map(({ file }) => ({ file: file.was, from: file.file }));
  });
}

function notInTrash({ text }: Selection, only: string | undefined): KhoError {
  const where = only === undefined ? '' : ` of "${only}"`;
  return new KhoError('USAGE', `Cannot find "${text}" in the trash${where}`, {
    hint: '"kho restore --list" shows what is there',
  });
}
