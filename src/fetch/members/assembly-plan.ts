/** Which bytes of a new wheel are on this disk already, and which have to cross the line. */
import { isOrdered, type ZipEntry } from '../../formats/zip.ts';
import { localHeader, type RawEntry } from '../../formats/zip-raw-entries.ts';
import type { FarDirectory } from './far-directory.ts';
import type { OlderMember } from './older-members.ts';

/** Two holes that lie closer together are one: asking costs about as much. In bytes. */
const JOINED_BYTES = 2 * 1024;
/** Each is a request of its own. */
const HOLES_LIMIT = 64;

/** Bytes of the new wheel, from its start to where its end begins that has been read; each piece begins where the one before it ends. */
export type Piece = {
  from: number;
  /** The byte behind its last. */
  to: number;
  /** Where it need not cross the line: what stands in front of the member, and who has the rest. */
  here?: { header: Buffer; member: OlderMember };
};

/** @param find who has the bytes of a member */
export function planAssembly(
  { entries, raws, end }: FarDirectory,
  find: (entry: ZipEntry) => OlderMember | undefined,
): Piece[] {
  const members = entries.map((entry, index) => ({ entry, raw: raws[index] as RawEntry }));
  if (!isOrdered(entries)) members.sort((a, b) => a.entry.offset - b.entry.offset);
  const pieces: Piece[] = [];
  let at = 0;
  const addHole = (to: number) => {
    const until = Math.min(to, end.from); // what lies behind has been read
    if (until <= at) return;
    const last = pieces.at(-1);
    if (last && !last.here) last.to = until;
    else pieces.push({ from: at, to: until });
    at = until;
  };
  for (const { entry, raw } of members) {
    if (entry.offset >= end.from) break;
    addHole(entry.offset);
    const header = rebuiltHeader(entry, raw);
    const member = header && find(entry);
    if (!header || !member) addHole(entry.end);
    else {
      pieces.push({ from: entry.offset, to: entry.end, here: { header, member } });
      at = entry.end;
    }
  }
  addHole(end.from);
  return joinHoles(pieces);
}

/** In bytes: what has to come of what is not there yet. @param have so many of the first bytes are there */
export function bytesToCross(pieces: readonly Piece[], have: number): number {
  return pieces.reduce((sum, { from, to, here }) => sum + (here ? 0 : Math.max(0, to - Math.max(from, have))), 0);
}

/** What stands in front of a member, where it and the packed bytes fill all the room that the member has; undefined where something else is there that the directory does not tell, like the numbers of a member behind it. */
function rebuiltHeader(entry: ZipEntry, { raw, extra }: RawEntry): Buffer | undefined {
  const hasMoreExtra = raw.readUInt16LE(RAW.extraLength) !== extra.length; // its numbers, in the zip64 form
  if (hasMoreExtra) return undefined;
  const name = raw.subarray(RAW.name, RAW.name + raw.readUInt16LE(RAW.nameLength));
  const header = Buffer.concat([localHeader(raw, name), extra]);
  return entry.offset + header.length + entry.compressedSize === entry.end ? header : undefined;
}

/** Where these stand in an entry of the directory. */
const RAW = { nameLength: 28, extraLength: 30, name: 46 } as const;

/** What lies between two holes, and is short, comes with them; the shortest first, until there are few enough. */
function joinHoles(pieces: readonly Piece[]): Piece[] {
  const runs: Piece[][] = [];
  for (const piece of pieces) {
    const run = runs.at(-1);
    if (run?.[0]?.here && piece.here) run.push(piece);
    else runs.push([piece]);
  }
  const lengthOf = (run: readonly Piece[]) => (run.at(-1) as Piece).to - (run[0] as Piece).from;
  const isHole = (run: readonly Piece[] | undefined) => run !== undefined && run[0]?.here === undefined;
  const between = runs
    .filter((run, index) => !isHole(run) && isHole(runs[index - 1]) && isHole(runs[index + 1]))
    .sort((a, b) => lengthOf(a) - lengthOf(b));
  let holes = runs.filter(isHole).length;
  const joined = new Set<readonly Piece[]>();
  for (const run of between) {
    if (lengthOf(run) >= JOINED_BYTES && holes <= HOLES_LIMIT) break;
    joined.add(run);
    holes--;
  }
  const result: Piece[] = [];
  for (const run of runs) {
    const isFar = isHole(run) || joined.has(run);
    const last = result.at(-1);
    if (!isFar) result.push(...run);
    else if (last && !last.here) last.to = (run.at(-1) as Piece).to;
    else result.push({ from: (run[0] as Piece).from, to: (run.at(-1) as Piece).to });
  }
  return result;
}
