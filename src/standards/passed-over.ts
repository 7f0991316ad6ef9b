import { matchesName } from './name-pattern.ts';

/**
 * What systems put on disks for themselves, among the files of people: bins of what was deleted, earlier states, thumbnails. kho takes
 * nothing of it for a package, a repository or an upload. Names that begin with a dot (`.Trash-1000`, `.snapshot`, `.DS_Store`) are passed
 * over anyway.
 *
 * Sources: mke2fs(8); quotacheck(8); "Recycle Bin" and "snapshot" in the manuals of Synology DSM, QNAP QTS, NetApp ONTAP and Netatalk;
 * [MS-FSA] for Windows.
 */
export const PASSED_OVER_NAMES = [
  'lost+found', // ext2 to ext4
  'aquota.user',
  'aquota.group',
  '@eaDir', // Synology
  '#recycle',
  '#snapshot',
  '@tmp',
  '@Recycle', // QNAP
  '@Recently-Snapshot',
  '~snapshot', // NetApp
  '$RECYCLE.BIN', // Windows
  'System Volume Information',
  'Thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  'Network Trash Folder', // macOS, Netatalk
  'Temporary Items',
  'TheVolumeSettingsFolder',
];

/** Disks of Windows and some shares do not tell capitals from small letters. */
const KNOWN: ReadonlySet<string> = new Set(PASSED_OVER_NAMES.map((name) => name.toLowerCase()));

/** @param ignored more names, or patterns of names: `ignore` in kho.toml */
export function isPassedOver(name: string, ignored: readonly string[] = []): boolean {
  return KNOWN.has(name.toLowerCase()) || ignored.some((pattern) => matchesName(pattern, name, '?'));
}

/** The same in folders that kho owns wholly, where hidden names may be its own. */
export function isForeignName(name: string): boolean {
  return isPassedOver(name) || (name.startsWith('.') && !name.startsWith('.kho'));
}

/** In characters; a name on a disk has 255 bytes. */
const LONGEST = 255;

/** What is wrong with a pattern, to be read after it; undefined when nothing is. */
export function ignoredNameFault(pattern: string): string | undefined {
  if (pattern === '') return 'is empty';
  if (pattern.includes('/')) return 'is a path: give the name of a file or folder alone, wherever it lies';
  if (pattern.length > LONGEST) return 'is longer than any name';
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(pattern)) return 'has control characters';
  if (/^[*?]+$/.test(pattern)) return 'would pass over everything';
  return undefined;
}
