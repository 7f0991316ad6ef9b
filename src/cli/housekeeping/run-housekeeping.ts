/** `kho yank`, `unyank`, `restore` and `move`: what they do and say. */

import type { ChangeAction, WantedChange } from '../../changes/change-order.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import { move } from '../../housekeeping/move.ts';
import { restore } from '../../housekeeping/restore.ts';
import { readSelection } from '../../housekeeping/selection.ts';
import { storeSize } from '../../housekeeping/stores.ts';
import { listTrash } from '../../housekeeping/trash.ts';
import { unyank, type YankResult, yank } from '../../housekeeping/yank.ts';
import { inPlaceTarget } from '../../publish/target.ts';
import { inBytes, inColumns } from '../amounts.ts';
import { openForDoer } from '../open-for-doer.ts';
import { terminal } from '../terminal.ts';
import { type Line, printableJson } from '../text.ts';
import { askSite, checkRemote, type RemoteResult } from './ask-site.ts';
import type { HousekeepingOptions } from './options.ts';
import { publishAfter } from './publish-after.ts';

const SAME_YANK = 'was yanked already, for this reason';
const SAME_UNYANK = 'was not yanked';

export async function runYank(
  what: readonly string[],
  options: HousekeepingOptions & { reason?: string | undefined },
): Promise<void> {
  const selections = what.map(readSelection);
  const { reason } = options;
  if (options.at !== undefined) {
    const { files, published } = await askFor('yank', what, options, reason === undefined ? {} : { reason });
    return tellRemote(options, files, published, yankLines(files as YankResult[], SAME_YANK));
  }
  const { config, doer } = await openForDoer(options, 'writes');
  const results = await yank(config, selections, {
    ...doer,
    ...only(options),
    ...(reason !== undefined && { reason }),
  });
  await tell(config, options, results, yankLines(results, SAME_YANK));
}

export async function runUnyank(what: readonly string[], options: HousekeepingOptions): Promise<void> {
  const selections = what.map(readSelection);
  if (options.at !== undefined) {
    const { files, published } = await askFor('unyank', what, options);
    return tellRemote(options, files, published, yankLines(files as YankResult[], SAME_UNYANK));
  }
  const { config, doer } = await openForDoer(options, 'writes');
  const results = await unyank(config, selections, { ...doer, ...only(options) });
  await tell(config, options, results, yankLines(results, SAME_UNYANK));
}

export async function runRestore(
  what: readonly string[],
  options: HousekeepingOptions & { list: boolean },
): Promise<void> {
  if (options.list) {
    if (options.at !== undefined) {
      throw new KhoError('USAGE', 'Cannot list what is in the trash of a site at an address', {
        hint: 'ask on its own machine: kho restore --list',
      });
    }
    await listRemoved(options);
    return;
  }
  if (what.length === 0) {
    throw new KhoError('USAGE', 'Cannot restore nothing: no file and no version is named', {
      hint: '"kho restore --list" shows what is in the trash',
    });
  }
  const selections = what.map(readSelection);
  if (options.at !== undefined) {
    const { files, published } = await askFor('restore', what, options);
    return tellRemote(options, files, published, restoreLines(files));
  }
  const { config, doer } = await openForDoer(options, 'writes');
  const results = await restore(config, selections, { ...doer, ...only(options) });
  await tell(config, options, results, restoreLines(results));
}

export async function runMove(what: readonly string[], options: HousekeepingOptions & { to: string }): Promise<void> {
  const selections = what.map(readSelection);
  if (options.at !== undefined) {
    const { files, published } = await askFor('move', what, options, { to: options.to });
    return tellRemote(options, files, published, moveLines(files));
  }
  const { config, doer } = await openForDoer(options, 'writes');
  const results = await move(config, selections, { ...doer, to: options.to, ...only(options) });
  await tell(config, options, results, moveLines(results));
}

async function listRemoved(options: HousekeepingOptions): Promise<void> {
  const { config } = await openForDoer(options, 'reads');
  inPlaceTarget(config);
  const wanted = listTrash(config.root).filter(
    ({ repository }) => options.in === undefined || repository === options.in,
  );
  if (options.json) {
    terminal.stdout(
      printableJson({
        trash: wanted.map(({ day, was, size, file }) => ({ removed: day, file: was, bytes: size, path: file })),
      }),
    );
    return;
  }
  terminal.say([
    wanted.length === 0 ? 'kho: the trash is empty' : `kho: ${inBytes(storeSize(config, 'trash'))} in the trash`,
  ]);
  const rows = wanted.map(({ day, was, size }) => [day, inBytes(size), was]);
  terminal.print(inColumns(rows, [1]).map((cells) => cells.join('  ')));
}

function only(options: HousekeepingOptions): { only?: string } {
  return options.in === undefined ? {} : { only: options.in };
}

async function tell(
  config: SiteConfig,
  options: HousekeepingOptions,
  results: readonly object[],
  lines: readonly Line[],
): Promise<void> {
  if (!options.json) terminal.print(lines);
  const published = await publishAfter(config, options);
  if (options.json) terminal.stdout(printableJson({ files: results, published }));
}

async function askFor(
  action: ChangeAction,
  what: readonly string[],
  options: HousekeepingOptions,
  more: Partial<WantedChange> = {},
): Promise<RemoteResult> {
  checkRemote(options);
  const { in: only } = options;
  return askSite(options, action, { what: [...what], ...(only !== undefined && { in: only }), ...more });
}

function tellRemote(options: HousekeepingOptions, files: object[], published: boolean, lines: readonly Line[]): void {
  if (options.json) terminal.stdout(printableJson({ files, published }));
  else {
    terminal.print(lines);
    terminal.say([published ? 'kho: published' : 'kho: done, and published soon']);
  }
}

function restoreLines(results: readonly { file: string }[]): Line[] {
  return results.map(({ file }) => `${file}: restored`);
}

function moveLines(results: readonly { file: string; to?: string }[]): Line[] {
  return results.map(({ file, to }) => `${file}: moved to ${to}`);
}

function yankLines(results: readonly YankResult[], same: string): Line[] {
  return results.map(({ file, became }) => `${file}: ${became === 'same' ? same : became}`);
}
