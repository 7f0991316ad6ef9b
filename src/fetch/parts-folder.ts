import { join } from 'node:path';
import { makeFolder, makePrivateFolder, removeEmptyFolder, removeFile } from '../io/disk.ts';
import { look, namesIn } from '../io/open-file.ts';
import { isOwnLeftover } from '../io/own-leftover.ts';
import { isForgottenPart } from '../io/part-name.ts';
import { forgetFolder } from '../io/reach.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { lastingParts, stateFolder } from '../publish/state-folder.ts';

const PRIVATE = 0o700;

/** Where files are until they are whole. */
export interface PartsFolder {
  /** Absolute; nobody else may look into it. */
  path: string;
  /** To be called when nothing more is brought. */
  close(): void;
}

/**
 * `.kho/parts`: what a run leaves there, a later one goes on with. May be deleted any time, which costs time only. Where another user
 * made it, this run has one of its own, and nothing to leave.
 *
 * @throws {KhoError} WRITE
 */
export function openPartsFolder(root: string): PartsFolder {
  const state = stateFolder(root);
  makeFolder(state);
  const lasting = lastingParts(root);
  const stats = look(lasting);
  const isOurs = stats === undefined || process.geteuid === undefined || stats.uid === process.geteuid();
  const path = isOurs ? lasting : join(state, temporaryName());
  makePrivateFolder(path, PRIVATE);
  for (const name of namesIn(path)) {
    const full = `${path}/${name}`;
    if (isForgottenPart(name, full) || isOwnLeftover(name, full)) removeFile(full);
  }
  const close = () => {
    if (isOurs) return; // another run may use it now
    for (const name of namesIn(path)) removeFile(`${path}/${name}`);
    removeEmptyFolder(path);
    forgetFolder(path);
  };
  return { path, close };
}
