import { KhoError } from '../errors.ts';
import { readFollowed } from '../follow/follow-state.ts';
import { knownHead } from '../follow/known-head.ts';
import { quoted } from '../standards/quoted.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { headSha256, type SyncHead } from '../sync-format/head.ts';
import type { CarriedState } from './carrier-client.ts';
import type { CarrierDisk } from './carrier-disk.ts';
import { EDGE_FILES } from './layout.ts';

export interface FoundState {
  state: CarriedState;
  head: SyncHead;
  /** What is to be told of it: one line each, no full stop. */
  notes: string[];
}

const TAKEN_OUT = 'it was taken out before all of it was written: pack it again';

/** For which edge the disk is unpacked here. @param named as typed. @throws {KhoError} USAGE, READ */
export function edgeOn(disk: CarrierDisk, named: string | undefined): string {
  const edges = disk.edges();
  if (named !== undefined) return named;
  const [only, ...others] = edges;
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined)
    throw disk.isMade
      ? new KhoError('READ', `Cannot unpack "${disk.shown}": nothing on it says what it carries`, { hint: TAKEN_OUT })
      : new KhoError('READ', `Cannot unpack "${disk.shown}": kho pack has written nothing to it`, {
          hint: 'name the folder where the disk is mounted; if it is the right one, pack it anew',
        });
  throw new KhoError('USAGE', `Cannot tell for whom "${disk.shown}" is to be unpacked: it carries for several`, {
    hint: `say --as: ${edges.map((each) => quoted(each)).join(', ')}`,
  });
}

/**
 * What the disk says that the centre has; the state that is known here where that is newer, or the disk was taken out before it had one: its
 * files are of use all the same.
 *
 * @param into the repository here
 * @throws {KhoError} READ
 */
export function carriedState(
  disk: CarrierDisk,
  edge: string,
  { root, into, allowOlder }: { root: string; into: string; allowOlder: boolean },
): FoundState {
  const carried = onDisk(disk, edge);
  const { followed } = readFollowed(root, into);
  const known = followed && withHead(followed.head, followed.signature);
  if (!carried && !known) {
    const others = disk.edges().filter((each) => each !== edge);
    throw new KhoError(
      'READ',
      `Cannot unpack "${disk.shown}": nothing on it says what it carries for ${quoted(edge)}`,
      { hint: others.length === 0 ? TAKEN_OUT : `it carries for ${others.map((each) => quoted(each)).join(', ')}` },
    );
  }
  if (!carried && known)
    return { ...known, notes: ['the disk was taken out before all of it was written: what is on it is taken'] };
  const found = carried as Omit<FoundState, 'notes'>;
  const isSame = known?.head.site === found.head.site && known.head.repository === found.head.repository;
  if (!known || !isSame || allowOlder || found.head.counter >= known.head.counter) return { ...found, notes: [] };
  const older = `the disk has the state ${found.head.counter} of the centre, and ${known.head.counter} is known here: what is on it is taken for that`;
  return { ...known, notes: [older] };
}

function onDisk(disk: CarrierDisk, edge: string): Omit<FoundState, 'notes'> | undefined {
  const bytes = disk.read(edge, EDGE_FILES.head, TEXT_LIMITS.syncHeadBytes);
  if (bytes === undefined) return undefined;
  const signature = disk.read(edge, `${headSha256(bytes)}.sig`, TEXT_LIMITS.syncHeadBytes);
  const found = withHead(bytes.toString('utf8'), signature?.toString('latin1'));
  if (found) return found;
  throw new KhoError(
    'READ',
    `Cannot unpack "${disk.shown}": what says for ${quoted(edge)} what it carries is damaged`,
    {
      hint: 'pack it again',
    },
  );
}

/** Undefined for what is no head. */
function withHead(text: string, signature: string | undefined): Omit<FoundState, 'notes'> | undefined {
  const head = knownHead({ head: text });
  if (!head) return undefined;
  const { repository, catalogue } = head;
  return { head, state: { repository, head: text, catalogue, ...(signature !== undefined && { signature }) } };
}
