import { filenameOf } from './catalogue-source.ts';
import type { FollowedSite } from './followed-site.ts';
import { removePulled } from './let-go.ts';
import { carryOutMarks, marksAsThere } from './mark-as-there.ts';
import { placingOf } from './placing-of.ts';
import { lettingGo, type PullPlan } from './pull-plan.ts';
import type { PullResult, PullRun } from './pull-run.ts';
import { readPulled } from './pulled-files.ts';

/** What is yanked at the centre is so here; what no kept closure needs goes. Only of files that `kho pull` brought. @throws {KhoError} LOCKED, WRITE; as `buildSite` */
export async function tidyAfter(plan: PullPlan, site: FollowedSite, result: PullResult, run: PullRun): Promise<void> {
  const { config, order, isLocked } = run;
  const pulled = readPulled(config.root, order.into.name);
  const files = new Map(plan.locks.flatMap(({ closure }) => closure.files).map((file) => [filenameOf(file), file]));
  const marks = marksAsThere([...files.values()], (filename) => pulled.has(filename), placingOf(run));
  const going = lettingGo(pulled.values(), site.locks, isLocked);
  if (marks.length + going.length > 0) await site.willChange();
  await carryOutMarks(marks, placingOf(run));
  result.marked = marks.length;
  if (going.length > 0) result.gone = await removePulled(order.into, going, 'no kept closure names it', run);
  if (!site.isDue) return;
  await site.publish();
  await site.remember();
  result.isBetter = true;
}
