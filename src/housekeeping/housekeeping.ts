/** What all commands that change published files share: the site's lock, what a killed run left, who does it. */
import type { SiteConfig } from '../config/site-config.ts';
import { Placing } from '../intake/placing.ts';
import { appendEvent, type LogEvent } from '../log/append-event.ts';
import { holdSite } from '../publish/hold-site.ts';
import type { LockOptions } from '../publish/lock.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { isOverLimit, keepLimits } from './clear-stores.ts';
import type { Bounds, StoredPackage } from './find-packages.ts';
import { isUnfinished, readJournal, removeJournal } from './journal.ts';
import { carryOutMarkings } from './mark-yanked.ts';
import { finishRelocations } from './relocate.ts';
import { trashFolder } from './trash.ts';

export interface Doer extends LockOptions, Bounds {
  /** For the record: `user:NAME`, or the name of a token. */
  who?: string;
  /** Of the client, where it came over HTTP. */
  address?: string;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Hold the site's lock, finish what a run that was killed had begun, and act.
 *
 * @throws {KhoError} LOCKED, WRITE, and what `act` throws
 */
export async function housekeep<T>(config: SiteConfig, doer: Doer, act: (placing: Placing) => Promise<T>): Promise<T> {
  const { root, repositories } = config;
  return holdSite(config, doer, async () => {
    const placing = new Placing([...repositories.flatMap(({ packages }) => packages ?? []), trashFolder(root)]);
    try {
      await finishJournal(config, placing);
      const result = await act(placing);
      keepLimits(config, doer.now);
      return result;
    } finally {
      placing.close();
    }
  });
}

async function finishJournal(config: SiteConfig, placing: Placing): Promise<void> {
  const journal = readJournal(config);
  if (journal === undefined) return;
  await finishRelocations(config, placing, journal.relocations);
  await carryOutMarkings(config, placing, journal.markings);
  removeJournal(config.root);
}

/** What a killed run had begun, finished before a build looks at the files; and what is over its limit goes. Costs a look where there is nothing. */
export async function finishHousekeeping(config: SiteConfig, lock: LockOptions = {}): Promise<void> {
  inPlaceTarget(config);
  if (isUnfinished(config.root) || isOverLimit(config))
    await housekeep(config, { ...lock, now: Date.now() }, async () => {});
}

/** In the record of what was done, before it is. @throws {KhoError} WRITE, and then it must not be done */
export function record(
  { root }: SiteConfig,
  { who, address, now }: Doer,
  event: LogEvent['event'],
  { filename, project, repository, stamp }: StoredPackage,
  more: Pick<LogEvent, 'sha256' | 'reason' | 'repositories'> = {},
): void {
  appendEvent(
    root,
    {
      event,
      ...(who !== undefined && { who }),
      ...(address !== undefined && { address }),
      file: filename,
      ...(project !== undefined && { project }),
      bytes: stamp.size,
      repositories: [repository],
      ...more,
    },
    now,
  );
}
