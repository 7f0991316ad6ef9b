/** `kho pull`: the head, its catalogue, what the lock files come to, and what of that is not here. */
import { surveySite } from '../build-site.ts';
import { withIncluded } from '../config/included.ts';
import { finishHousekeeping } from '../housekeeping/housekeeping.ts';
import { chooseTargets } from '../needs/choose-target.ts';
import type { Catalogue } from '../sync-format/catalogue.ts';
import { type AskedHead, askHead } from './ask-head.ts';
import { bringCatalogue } from './bring-catalogue.ts';
import { centreAt } from './centre.ts';
import { type Closure, closuresOf } from './closures.ts';
import { filesHere } from './files-here.ts';
import { type FollowState, readFollowed } from './follow-state.ts';
import { FollowedSite } from './followed-site.ts';
import { pullLocks } from './pull-locks.ts';
import { bytesOfAll, planPull } from './pull-plan.ts';
import type { PullResult, PullRun } from './pull-run.ts';
import { readPulled } from './pulled-files.ts';
import { shownLock } from './shown-lock.ts';
import { tidyAfter } from './tidy-after.ts';

/** @throws {KhoError} UPSTREAM where the centre is not to be believed or reached: then nothing is changed; LOCKED, WRITE, READ, SITE */
export async function pull(run: PullRun): Promise<PullResult> {
  const { config, order, client, doer, dryRun, signers } = run;
  const into = order.into.name;
  const centre = centreAt(order.url, order.repository, client);
  const { followed, damaged } = readFollowed(config.root, into);
  if (!dryRun) await finishHousekeeping(config, doer); // files that a run that was killed had begun to place
  const asked = await askHead(centre, followed, signers, run);
  const catalogue = await bringCatalogue(config.root, into, asked.head, centre, !dryRun);
  const survey = await surveySite(config);
  const targets = chooseTargets(config, survey.catalogs, {
    ...{ repository: into, repositoryOption: '--into', for: order.for },
    ...(order.pythons.length > 0 && { python: order.pythons }),
  });
  const machines = targets.map(({ machine }) => machine);
  const closures = await closuresOf(order.locks, machines, catalogue, order.isAll);
  const plan = planPull({
    ...{ closures, into, sources: withIncluded(into, config.repositories) },
    here: filesHere(survey, config),
    pulled: readPulled(config.root, into),
  });
  const result: PullResult = {
    ...{ into, shown: centre.shown, head: asked.head, isNew: asked.isNew, locks: [], gone: [], marked: 0 },
    ...{ bytes: bytesOfAll(plan.locks), isBetter: false, isStopped: false, notes: notesOf(catalogue, closures) },
  };
  if (damaged > 0) result.notes.push('what was remembered of the centre was damaged: it counts as new');
  if (dryRun) {
    result.locks = plan.locks.map((lock) => shownLock(lock, followed));
    return result;
  }
  const site = new FollowedSite(stateOf(asked, followed, centre.shown, run), run);
  await site.remember();
  await pullLocks(plan, site, result, centre, run);
  await tidyAfter(plan, site, result, run);
  return result;
}

/** What the centre says of projects that some lock needs. */
function notesOf({ statuses }: Catalogue, closures: readonly Closure[]): string[] {
  const needed = new Set(closures.flatMap(({ files }) => files.map(({ project }) => project)));
  return statuses
    .filter(({ project, status }) => status !== 'active' && (needed.has(project) || status === 'quarantined'))
    .map(({ project, status, reason }) => `${project} is ${status} at the centre${reason ? `: ${reason}` : ''}`);
}

function stateOf(
  asked: AskedHead,
  before: FollowState | undefined,
  url: string,
  { order, doer }: PullRun,
): FollowState {
  const wanted = new Set(order.locks.map(({ shown }) => shown));
  return {
    ...{ into: order.into.name, url, head: asked.text, asked: new Date(doer.now).toISOString() },
    locks: (before?.locks ?? []).filter(({ path }) => !order.isAll || wanted.has(path)),
    ...(asked.signature !== undefined && { signature: asked.signature }),
    ...(asked.etag !== undefined && { etag: asked.etag }),
    ...(before?.told !== undefined && { told: before.told }),
    ...(before?.toldOf !== undefined && { toldOf: before.toldOf }),
    ...(before?.isDue && { isDue: true }),
  };
}
