import { isPackageName } from '../standards/package-suffixes.ts';
import { SIDE_FILES, type SideFile } from '../standards/side-files.ts';

/** Formats of old that no current client installs. */
const UNSUPPORTED = /\.(?:egg|exe|msi|rpm|deb|dmg|tar\.Z|tar)$/;

/** Names under which programs keep what is not whole yet: browsers, WinSCP, lftp. scp, curl and sftp write under the final name; rsync's start with a dot. */
const TEMPORARY = /\.(?:part|filepart|partial|crdownload|download|tmp|lftp-pget-status)$|~$/;

const SIDE = new RegExp(`^(.+)\\.(${SIDE_FILES.join('|')})$`, 's');

export type FileKind =
  | { is: 'package' }
  | { is: 'unsupported' }
  | { is: 'temporary' }
  | { is: 'stray' }
  | { is: 'side-file'; of: string; side: SideFile };

/** What a file in packages/ is, by its name alone. No temporary name ends like a package, so the order matters only for side-files. */
export function fileKind(name: string): FileKind {
  if (name.startsWith('.')) return { is: 'temporary' };
  if (isPackageName(name)) return { is: 'package' };
  const [, of, side] = SIDE.exec(name) ?? [];
  if (of !== undefined && isPackageName(of)) return { is: 'side-file', of, side: side as SideFile };
  if (TEMPORARY.test(name)) return { is: 'temporary' };
  return UNSUPPORTED.test(name) ? { is: 'unsupported' } : { is: 'stray' };
}
