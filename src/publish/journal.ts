import { join } from 'node:path';
import { flushPath, removeFile } from '../io/disk.ts';
import { readText } from '../io/open-file.ts';
import { writeFileAtomic } from '../io/write-file-atomic.ts';
import { stateFolder } from './manifest.ts';

/**
 * The projects whose pages are about to change. Written before the first of them changes, removed after the manifest that
 * knows the new ones: a run that finds it knows whose folders may hold more, or other, than the manifest says.
 */
export function writeJournal(root: string, projects: readonly string[]): void {
  writeFileAtomic(journalPath(root), projects.map((name) => `${name}\n`).join(''));
}

/** Empty when the last run came to its end. */
export function readJournal(root: string): Set<string> {
  try {
    return new Set(readText(journalPath(root)).split('\n').filter(Boolean));
  } catch {
    return new Set();
  }
}

export function removeJournal(root: string): void {
  removeFile(journalPath(root));
  if (process.platform !== 'win32') flushPath(stateFolder(root));
}

function journalPath(root: string): string {
  return join(stateFolder(root), 'journal');
}
