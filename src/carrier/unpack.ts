/** `kho unpack`: a pull from a disk that answers as the centre would; then the disk is told what is here. */
import { KhoError } from '../errors.ts';
import { catalogueAtHand } from '../follow/bring-catalogue.ts';
import { edgeReport } from '../follow/edge-report.ts';
import { pull } from '../follow/pull.ts';
import type { PullOrder } from '../follow/pull-order.ts';
import type { PullResult, PullRun } from '../follow/pull-run.ts';
import type { SyncHead } from '../sync-format/head.ts';
import { carriedState, edgeOn } from './carried-state.ts';
import { CarrierClient } from './carrier-client.ts';
import type { CarrierDisk } from './carrier-disk.ts';
import { writeEdgeState } from './edge-state.ts';
import { orTakenOut, saysGone } from './taken-out.ts';

export interface UnpackRun extends Omit<PullRun, 'client' | 'crossed' | 'order'> {
  order: Omit<PullOrder, 'url'>;
  disk: CarrierDisk;
  /** As typed; absent: the only one that the disk carries for. */
  edge?: string | undefined;
}

export interface UnpackResult extends PullResult {
  edge: string;
  /** From the disk, in bytes. */
  came: number;
  /** It was taken out meanwhile. */
  isGone: boolean;
}

const AGAIN = 'put it in again, and unpack again: what came of it stays';
const UNTOLD = 'the disk could not be told what is here: the next kho pack will carry all of it again';

/** @throws {KhoError} as `pull`; READ, USAGE where the disk does not say what it carries */
export async function unpack({ disk, edge: named, ...run }: UnpackRun): Promise<UnpackResult> {
  const { config, dryRun, allowOlder } = run;
  const into = run.order.into.name;
  const edge = edgeOn(disk, named);
  const { state, head, notes } = carriedState(disk, edge, { root: config.root, into, allowOlder });
  const client = new CarrierClient(disk, state, () => catalogueAtHand(config.root, into));
  try {
    const order = { ...run.order, url: client.root };
    const result = await pull({ ...run, order, client, crossed: () => client.came, idleMs: 0 });
    const untold = dryRun || disk.isGone ? undefined : await tellDisk(disk, edge, head, run);
    const isGone = disk.isGone || saysGone(untold);
    for (const lock of result.locks) {
      lock.lacking = [...new Set(lock.lacking.map(isGone ? inWordsOfGoneDisks : inWordsOfDisks))];
    }
    const about = isGone ? [`the disk was taken out, or it fails: ${AGAIN}`] : untold === undefined ? [] : [UNTOLD];
    return { ...result, edge, came: client.came, notes: [...notes, ...result.notes, ...about], isGone };
  } catch (error) {
    throw orTakenOut(error, [disk], 'unpack', AGAIN);
  } finally {
    await client.close();
  }
}

/** @returns what it failed of */
async function tellDisk(
  disk: CarrierDisk,
  edge: string,
  head: SyncHead,
  { config, order, doer }: Pick<UnpackRun, 'config' | 'order' | 'doer'>,
): Promise<KhoError | undefined> {
  const report = await edgeReport(config, order.into.name, head);
  try {
    writeEdgeState(disk, edge, report, new Date(doer.now).toISOString());
    disk.flush();
    return undefined;
  } catch (error) {
    if (!(error instanceof KhoError)) throw error;
    return error;
  }
}

/** All that it had not given yet. */
function inWordsOfGoneDisks(line: string): string {
  return line.includes(': Cannot fetch') ? 'the disk was taken out before all of it had come' : line;
}

/** What the line would say of a server. */
function inWordsOfDisks(line: string): string {
  return line
    .replace(/: Cannot fetch \S+: it answers 404$/, ': it is not on the disk')
    .replace(/: Cannot fetch: \S+ /, ': on the disk it ');
}
