import { KhoError } from '../../errors.ts';
import { planPrune, prune, type RepositoryPlan } from '../../prune/prune.ts';
import { readLocks } from '../../prune/read-locks.ts';
import { inPlaceTarget } from '../../publish/target.ts';
import { counted, inBytes } from '../amounts.ts';
import { openForDoer } from '../open-for-doer.ts';
import { terminal } from '../terminal.ts';
import { dim, type Line, printableJson } from '../text.ts';
import type { HousekeepingOptions } from './options.ts';
import { publishAfter } from './publish-after.ts';

/** Of all files of a repository, in percent, where kho.toml says nothing: a slip in a rule must not empty it. */
const MAX_SHARE = 20;

interface PruneOptions extends HousekeepingOptions {
  apply: boolean;
  yesReally: boolean;
  all: boolean;
}

export async function runPrune(options: PruneOptions): Promise<void> {
  const { config, doer } = await openForDoer(options, options.apply ? 'writes' : 'reads');
  inPlaceTarget(config);
  if (!config.repositories.some((repository) => repository.prune)) {
    throw new KhoError('USAGE', `Cannot prune "${config.root}": kho.toml has no rules, so nothing goes`, {
      hint: 'write [repositories.NAME.prune] with keep_versions = 5: docs/housekeeping.md#old-versions',
    });
  }
  const locked = await readLocks(config.root, config.locks ?? []);
  const plans = planPrune(config, locked, doer.now);
  if (options.apply && !options.yesReally) for (const plan of plans) checkShare(plan);
  if (!options.json) terminal.print(plans.flatMap((plan) => planLines(plan, options.all)));
  const removed = options.apply ? await prune(config, locked, doer) : [];
  const published = removed.length > 0 ? await publishAfter(config, options) : false;
  if (options.json)
    terminal.stdout(
      printableJson({
        applied: options.apply,
        files: plans.flatMap(shownPlan),
        locks: locked.files,
        removed,
        published,
      }),
    );
  else if (!options.apply) terminal.say(['kho: nothing was changed; --apply moves them to the trash']);
  else terminal.say([`kho: ${counted(removed.length, 'file')} moved to the trash`]);
}

function goingOf({ verdicts }: RepositoryPlan) {
  return verdicts.filter(({ keptFor }) => keptFor === undefined);
}

/** @throws {KhoError} USAGE */
function checkShare(plan: RepositoryPlan): void {
  const { name, prune: rules } = plan.repository;
  const most = rules?.maxShare ?? MAX_SHARE;
  const share = (100 * goingOf(plan).length) / Math.max(1, plan.verdicts.length);
  if (share <= most) return;
  throw new KhoError(
    'USAGE',
    `Cannot prune "${name}": ${Math.round(share)} percent of its files would go, and max_share is ${most}`,
    {
      hint: 'look at the list without --apply; if that is meant, add --yes-really',
    },
  );
}

function planLines(plan: RepositoryPlan, all: boolean): Line[] {
  const going = goingOf(plan);
  const bytes = going.reduce((sum, { file }) => sum + file.stored.stamp.size, 0);
  const kept = plan.verdicts.length - going.length;
  return [
    `${plan.repository.name}: ${counted(going.length, 'file')} to go, ${inBytes(bytes)}; ${counted(kept, 'file')} kept`,
    ...plan.verdicts.flatMap(({ file, keptFor, goesFor }): Line[] => {
      if (keptFor === undefined) return [`  goes   ${file.stored.file}: ${goesFor}`];
      return all ? [[dim(`  stays  ${file.stored.file}: ${keptFor}`)]] : [];
    }),
  ];
}

function shownPlan({ verdicts }: RepositoryPlan) {
  return verdicts.map(({ file, keptFor, goesFor }) => ({
    file: file.stored.file,
    goes: keptFor === undefined,
    why: keptFor ?? goesFor,
    bytes: file.stored.stamp.size,
  }));
}
