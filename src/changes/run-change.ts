/** Carries out what somebody asked for over HTTP, as the commands of the same names do. */
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { consequencesOf, settledAmong } from '../housekeeping/consequences.ts';
import { asSeen, findMeant } from '../housekeeping/find-packages.ts';
import type { Doer } from '../housekeeping/housekeeping.ts';
import { move } from '../housekeeping/move.ts';
import { remove } from '../housekeeping/remove.ts';
import { restore } from '../housekeeping/restore.ts';
import { projectOf, readSelection } from '../housekeeping/selection.ts';
import { unyank, yank } from '../housekeeping/yank.ts';
import { systemCode } from '../io/disk-lacks.ts';
import { closeFolders } from '../io/reach.ts';
import { inPlaceTarget, splitRepository } from '../publish/target.ts';
import type { NormalizedName } from '../standards/name.ts';
import { type ChangeOrder, REPORT, type ReportOrder } from './change-order.ts';
import type { ChangedFile, ChangedPlace, ChangeOutcome } from './change-outcome.ts';
import { keepReport } from './keep-report.ts';
import { Forbidden, warrantOf } from './warrant.ts';

export interface ChangeTask {
  config: SiteConfig;
  order: ChangeOrder | ReportOrder;
}

/** How long it waits for somebody who publishes. In milliseconds. */
const LOCK_MS = 50_000;

/** @throws what is a bug */
export async function runChange({ config, order }: ChangeTask): Promise<ChangeOutcome> {
  closeFolders();
  inPlaceTarget(config);
  try {
    return order.action === REPORT ? keepReport(config, order, Date.now()) : await carryOut(config, order);
  } catch (error) {
    return refusalOf(error, config);
  } finally {
    closeFolders();
  }
}

async function carryOut(config: SiteConfig, order: ChangeOrder): Promise<ChangeOutcome> {
  const { action, token, address, what, to = '', in: only, ...more } = order;
  const warrant = warrantOf(token, action, config, action === 'move' ? to : undefined);
  const selections = what.map(readSelection);
  const doer: Doer = { who: token.name, address, now: Date.now(), waitMs: LOCK_MS, ...warrant };
  const about = { ...doer, ...(only !== undefined && { only }), ...more };
  switch (action) {
    case 'yank':
      return done(await yank(config, selections, about));
    case 'unyank':
      return done(await unyank(config, selections, about));
    case 'restore':
      return done(await restore(config, selections, about));
    case 'move': {
      const results = await move(config, selections, { ...about, to });
      return done(results, results);
    }
    case 'remove': {
      const found = findMeant(config, selections, { ...doer, only });
      const settled = order.force ? undefined : settledAmong(found, config, doer.now);
      if (settled !== undefined) throw isSettled(settled, order);
      const notes = consequencesOf(asSeen(config, warrant.sees), found);
      if (!order.dryRun) return { ...done(await remove(config, selections, about)), notes };
      return { is: 'done', files: found.map(({ file, stamp }) => ({ file, size: stamp.size })), places: [], notes };
    }
  }
}

/** @param moved where files stand now too */
function done(
  files: readonly ChangedFile[],
  moved: readonly { to: string }[] = [],
): Extract<ChangeOutcome, { is: 'done' }> {
  const paths = [...files.map(({ file }) => file), ...moved.map(({ to }) => to)];
  return { is: 'done', files: [...files], places: paths.flatMap(placeOf), notes: [] };
}

function placeOf(file: string): ChangedPlace[] {
  const { repository, rest } = splitRepository(file);
  const path = rest.slice('packages/'.length);
  const project = projectOf(path.slice(path.lastIndexOf('/') + 1));
  return project === undefined ? [] : [{ repository, project: project as NormalizedName, path }];
}

function isSettled(file: string, { what }: ChangeOrder): KhoError {
  const message = `Cannot remove "${file}": it has been published for more than 7 days, and lock files of others may name it`;
  return new KhoError('WRITE', message, {
    hint: `kho yank ${what.join(' ')} lets installers pass over it; to remove it all the same, add --force`,
  });
}

/** Nothing of where the site lies, nor of what its disk says. @throws what is a bug */
function refusalOf(error: unknown, { root }: SiteConfig): Extract<ChangeOutcome, { is: 'refused' }> {
  if (error instanceof Forbidden) {
    return { is: 'refused', status: 403, text: error.message, hint: 'ask whoever runs this site for another token' };
  }
  if (!(error instanceof KhoError)) throw error;
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const text = 'There is no room left on the disk of this site';
    return { is: 'refused', status: 507, text, hint: 'tell whoever runs it' };
  }
  if (error.cause !== undefined || !['USAGE', 'WRITE'].includes(error.code)) {
    const text = 'The site cannot be changed at the moment';
    return {
      is: 'refused',
      status: 503,
      text,
      hint: 'try again later, and tell whoever runs the site if that does not help',
    };
  }
  const told = (text: string) => text.replaceAll(`${root}/`, '');
  return {
    ...{ is: 'refused', status: error.code === 'USAGE' ? 400 : 409, text: told(error.message) },
    ...(error.hint !== undefined && { hint: told(error.hint) }),
  };
}
