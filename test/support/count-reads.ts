/** Counts what is read below a folder, whoever reads it: bytes of each file, and how much is looked at. Costs are counted, not timed. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { resolved } from './changing-calls.ts';

type Call = (...args: never[]) => unknown;
const functions = fs as unknown as Record<string, Call>;

/** What was done since counting began. */
export interface Reads {
  /** By the name of a file, in bytes. */
  bytes: Map<string, number>;
  /** How often each file was opened, by its name. */
  opens: Map<string, number>;
  /** In all. */
  opened: number;
  looked: number;
  /** In listings. */
  listed: number;
}

/** @returns what is counted until `stop` is called */
export function countReads(root: string): Reads & { stop(): void } {
  const reads: Reads = { bytes: new Map(), opens: new Map(), opened: 0, looked: 0, listed: 0 };
  const originals = new Map<string, Call>();
  const isBelow = (path: string) => path === root || path.startsWith(`${root}/`);
  const watch = (name: string, count: (path: string, result: unknown) => void) => {
    const original = functions[name] as Call;
    originals.set(name, original);
    functions[name] = (...args: never[]) => {
      const path = resolved(args[0] as never);
      const result = original(...args);
      if (isBelow(path)) count(path, result);
      return result;
    };
  };
  const add = (sums: Map<string, number>, path: string, more: number) =>
    sums.set(basename(path), (sums.get(basename(path)) ?? 0) + more);
  watch('readSync', (path, bytes) => add(reads.bytes, path, bytes as number));
  watch('copyFileSync', (path) => add(reads.bytes, path, fs.statSync(path).size));
  watch('openSync', (path) => {
    reads.opened++;
    add(reads.opens, path, 1);
  });
  watch('lstatSync', () => reads.looked++);
  watch('readdirSync', (_path, entries) => {
    reads.listed += (entries as unknown[]).length;
  });
  syncBuiltinESMExports();
  const stop = () => {
    for (const [name, original] of originals) functions[name] = original;
    syncBuiltinESMExports();
  };
  return Object.assign(reads, { stop });
}
