/**
 * Sees every call of node:fs that changes something below some folders, whoever makes it: a test can stop there, or write down what
 * was changed, and no call is missed since its author forgot to tell. Also runs inside the built program (see kill-program.ts).
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

export interface ChangingCall {
  /** As in node:fs: `renameSync`. */
  name: string;
  /** What is changed, absolute; of a rename or link both names. */
  paths: string[];
  /** Changes half as much as it was to: what a write does that is killed in its middle. Absent where a call has no middle. */
  half?: () => void;
}

/** Called before and after each. What it throws, the caller of node:fs gets. */
export interface CallWatcher {
  before?(call: ChangingCall): void;
  after?(call: ChangingCall): void;
}

type Call = (...args: never[]) => unknown;
const functions = fs as unknown as Record<string, Call>;

/** How many arguments name what is changed: a path or a descriptor. */
const CHANGING: Record<string, number> = {
  ...{ mkdirSync: 1, writeSync: 1, unlinkSync: 1, rmdirSync: 1, rmSync: 1, writeFileSync: 1, appendFileSync: 1 },
  ...{ chmodSync: 1, fchmodSync: 1, chownSync: 1, fchownSync: 1, lchownSync: 1, utimesSync: 1, futimesSync: 1 },
  ...{ truncateSync: 1, ftruncateSync: 1, lutimesSync: 1, writevSync: 1, openSync: 1, mkdtempSync: 1 },
  ...{ fsyncSync: 1, fdatasyncSync: 1, fsync: 1, fdatasync: 1 }, // they change what a power cut leaves
  ...{ renameSync: 2, linkSync: 2, symlinkSync: 2, copyFileSync: 2, cpSync: 2 },
};

/** Opening with one of these changes what is there, or makes it. */
const MAKES = fs.constants.O_CREAT | fs.constants.O_TRUNC;

/** @returns a function that lets all calls be as they were */
export function watchCalls(roots: readonly string[], watcher: CallWatcher): () => void {
  const originals = new Map<string, Call>();
  const isBelow = (path: string) => roots.some((root) => path === root || path.startsWith(`${root}/`));
  for (const [name, count] of Object.entries(CHANGING)) {
    const original = functions[name] as Call;
    originals.set(name, original);
    functions[name] = (...args: never[]) => {
      const paths = args.slice(0, count).map(resolved);
      if (!paths.some(isBelow) || (name === 'openSync' && !opensToChange(args[1]))) return original(...args);
      const half = halfOf(name, args, originals);
      const call: ChangingCall = { name, paths, ...(half && { half }) };
      watcher.before?.(call);
      if (!name.endsWith('Sync')) return original(...withAfter(args, () => watcher.after?.(call)));
      const result = original(...args);
      watcher.after?.(call);
      return result;
    };
  }
  syncBuiltinESMExports();
  return () => {
    for (const [name, original] of originals) functions[name] = original;
    syncBuiltinESMExports();
  };
}

/** Of a call that ends later: its callback, after `act`. */
function withAfter(args: never[], act: () => void): never[] {
  const done = args.at(-1) as unknown as (...results: unknown[]) => void;
  const after = (...results: unknown[]) => {
    act();
    done(...results);
  };
  return [...args.slice(0, -1), after as never];
}

function opensToChange(flags: unknown): boolean {
  return typeof flags === 'number' ? (flags & MAKES) !== 0 : typeof flags === 'string' && /[wa]/.test(flags);
}

type WriteArguments = [descriptor: number, bytes: Uint8Array, offset?: number, length?: number, position?: number];

function halfOf(name: string, args: unknown[], originals: ReadonlyMap<string, Call>): (() => void) | undefined {
  if (name === 'writeSync') {
    const [descriptor, bytes, offset = 0, length = bytes.length, position] = args as WriteArguments;
    const half = Math.floor(length / 2);
    if (half === 0) return undefined;
    const write = originals.get('writeSync') as typeof fs.writeSync;
    return () => void write(descriptor, bytes, offset, half, position);
  }
  if (name !== 'copyFileSync') return undefined;
  const [from, to] = args as string[];
  return () => {
    const bytes = fs.readFileSync(from as string);
    (originals.get('writeFileSync') as typeof fs.writeFileSync)(to as string, bytes.subarray(0, bytes.length / 2));
  };
}

/** The path that a descriptor, or a way through one, leads to. */
export function resolved(way: string | number | URL): string {
  const text = typeof way === 'number' ? `/proc/self/fd/${way}` : String(way);
  const [whole, descriptor, rest = ''] = /^\/proc\/self\/fd\/(\d+)(.*)$/s.exec(text) ?? [];
  if (whole === undefined) return text;
  try {
    return fs.readlinkSync(`/proc/self/fd/${descriptor}`).replace(/ \(deleted\)$/, '') + rest;
  } catch {
    return text; // a pipe
  }
}
