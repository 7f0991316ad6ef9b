import type { FileStamp } from '../io/file-stamp.ts';
import type { SideFile } from '../standards/side-files.ts';

/** A file in a packages/ folder, as seen in a listing; nothing of it is read yet. */
export interface FoundFile {
  /** The repository whose packages/ holds it; `.` is the site itself. */
  repository: string;
  /** From that packages/ folder, with `/`: `sub/foo-1.0-py3-none-any.whl`. */
  path: string;
  /** Permission bits as in stat. */
  mode: number;
  stamp: FileStamp;
  /** It is being written to at this moment. */
  busy?: true;
  /** It is known from before, and lies where kho cannot look at the moment: nothing else here says anything about it. */
  unseen?: true;
  /** FILE.yanked and so on, beside it. */
  sideFiles: Partial<Record<SideFile, FileStamp>>;
}
