import { CarrierDisk } from '../../carrier/carrier-disk.ts';
import { type UnpackResult, unpack } from '../../carrier/unpack.ts';
import { type PullWords, readPullOrder } from '../../follow/pull-order.ts';
import { isFileLocked } from '../../prune/is-locked.ts';
import { readLocks } from '../../prune/read-locks.ts';
import { inPlaceTarget } from '../../publish/target.ts';
import { shownUnpack, unpackLines } from '../lines/carrier-lines.ts';
import { ProgressDisplay } from '../progress.ts';
import { exitCodeOf, openWithPackages, signersOf, toldOf } from '../pull/run-pull.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';

import { diskFolder } from './disk-folder.ts';

interface UnpackOptions extends Pick<PullWords, 'into' | 'requirement' | 'for' | 'python' | 'allowedSigners'> {
  as?: string | undefined;
  dryRun: boolean;
  allowOlder: boolean;
  newCentre: boolean;
  site?: string | undefined;
  json?: true | undefined;
}

/** @returns the exit code. @throws {KhoError} */
export async function runUnpack(path: string, options: UnpackOptions): Promise<number> {
  const { as: edge, dryRun, allowOlder, newCentre, json, ...words } = options;
  const { config, doer } = await openWithPackages(options, words);
  const order = readPullOrder(config, words);
  inPlaceTarget(config);
  const signers = signersOf(order);
  const locked = await readLocks(config.root, config.locks ?? []);
  terminal.say((signers?.notes ?? []).map((note) => `kho: ${note}`));
  const disk = new CarrierDisk(diskFolder(path));
  const display = new ProgressDisplay(terminal.progressOutput());
  try {
    const result = await unpack({
      ...{ config, order, doer, dryRun, allowOlder, newCentre, disk, edge },
      ...(signers && { signers }),
      isLocked: (file) => isFileLocked(locked, file),
      onProgress: (now) => display.fetched(now),
    });
    display.clear();
    tell(result, { dryRun, json });
    return exitCodeOf(result, dryRun);
  } finally {
    display.clear();
    disk.close();
  }
}

function tell(result: UnpackResult, { dryRun, json }: Pick<UnpackOptions, 'dryRun' | 'json'>): void {
  if (json) terminal.stdout(printableJson({ dryRun, ...shownUnpack(result) }));
  else terminal.print(unpackLines(result, dryRun));
  terminal.say(toldOf(result));
}
