/** What one catalogue leaves for the next, in `.kho/sync`: of which projects its lines still hold. May be lost: then all lines are made anew. */
import { join } from 'node:path';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';
import type { PageStamp } from '../io/page-stamp.ts';
import { isStateTrusted, stateFolder } from '../publish/state-folder.ts';

/** Raised whenever lines are made otherwise, or what is kept here changes its meaning. */
const FORMAT = 1;

export interface SyncState {
  /** Of the manifest that catalogues were made from. */
  generation: string;
  /** All settings that lines depend on. */
  settings: string;
  /** Names of the repositories that were private. */
  privates: string[];
  /** When a catalogue was published last, milliseconds since 1970. */
  madeMs: number;
  repositories: { [repository: string]: { catalogue: string; head: PageStamp | null } };
  /** By name: stands for the project's line in the manifest. */
  projects: ReadonlyMap<string, string>;
}

const statePath = (root: string) => join(stateFolder(root), 'sync');

/** Undefined when there is none, none that this kho understands, or none that may be believed. */
export function readSyncState(root: string): SyncState | undefined {
  if (!isStateTrusted(root)) return undefined;
  try {
    const { lines, isDamaged } = readKeptLines(statePath(root));
    const { format, generation, settings, privates, madeMs, repositories } = JSON.parse(lines[0] as string);
    if (format !== FORMAT || isDamaged) return undefined;
    const projects = new Map(lines.slice(1).map((line) => line.split(' ', 2) as [string, string]));
    return { generation, settings, privates, madeMs, repositories, projects };
  } catch {
    return undefined;
  }
}

/** @throws {KhoError} WRITE */
export function writeSyncState(root: string, { projects, ...header }: SyncState): void {
  const lines = [...projects].map(([name, source]) => `${name} ${source}`);
  writeKeptLines(statePath(root), [JSON.stringify({ format: FORMAT, ...header }), ...lines]);
}
