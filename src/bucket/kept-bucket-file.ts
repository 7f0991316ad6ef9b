import { join } from 'node:path';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';
import { isStateTrusted, stateFolder } from '../publish/state-folder.ts';
import { sha256Of } from './bucket-record.ts';
import type { KeptBucketState } from './kept-bucket-state.ts';

/** In `.kho/`, a file for each bucket: losing it costs reading the head of its record. @param store its name */
export function keptBucketFile(root: string, store: string): KeptBucketState {
  const path = join(stateFolder(root), `bucket-${sha256Of(store).slice(0, 12)}`);
  return {
    read() {
      try {
        const { lines, isDamaged } = readKeptLines(path);
        return isDamaged || lines[0] !== store || !isStateTrusted(root) ? undefined : lines[1];
      } catch {
        return undefined;
      }
    },
    write(text) {
      writeKeptLines(path, [store, text]);
    },
  };
}
