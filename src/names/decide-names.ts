/** What the commands for names change. The site's lock is held meanwhile; what is told of it is in the log before it is true. */
import type { SiteConfig } from '../config/site-config.ts';
import { flushBatch } from '../io/flush.ts';
import { appendEvent, type LogEvent } from '../log/append-event.ts';
import { holdSite } from '../publish/hold-site.ts';
import type { LockOptions } from '../publish/lock.ts';
import { type FilesOf, openNameBook } from './name-book.ts';
import { type Origin, readOrigins, rememberOrigin } from './origins.ts';
import { isOwnFile } from './own-files.ts';
import { addNames, type NameMark } from './own-names.ts';
import { withdrawKept } from './withdraw-kept.ts';

/** Who decides, for the log. */
export type Decider = Pick<LogEvent, 'who'> & LockOptions & { now: number };

export type Decision = Exclude<NameMark, 'seen'>;

const EVENTS = { own: 'name-own', shared: 'name-shared', forgotten: 'name-forget' } as const;

/**
 * Write down what names are; `forgotten` takes back what was decided, and that there were files of them once. Those that are there go on
 * to count.
 *
 * @param names normalized
 * @throws {KhoError} SITE, LOCKED, READ, WRITE
 */
export async function decideNames(
  config: SiteConfig,
  names: readonly string[],
  decision: Decision,
  filesOf: FilesOf,
  decider: Decider,
): Promise<void> {
  await holdSite(config, decider, () => mark(config, names, decision, filesOf, decider));
}

/**
 * Take files for those of another index, which has the same bytes under the same names. A name of which no file of the site's own is left
 * is then that index's.
 *
 * @param origins of files that are there
 * @throws {KhoError} SITE, LOCKED, READ, WRITE
 */
export async function adoptFiles(
  config: SiteConfig,
  origins: readonly Origin[],
  filesOf: FilesOf,
  decider: Decider,
): Promise<void> {
  if (origins.length === 0) return;
  await holdSite(config, decider, async () => {
    for (const origin of origins) rememberOrigin(config.root, origin);
    const known = readOrigins(config.root).origins;
    const theirs = [...new Set(origins.map(({ project }) => project))].filter((name) =>
      filesOf(name).every((file) => !isOwnFile(file, known)),
    );
    await mark(config, theirs, 'forgotten', filesOf, decider);
  });
}

async function mark(
  config: SiteConfig,
  names: readonly string[],
  decision: Decision,
  filesOf: FilesOf,
  { who, now }: Decider,
): Promise<void> {
  const { root } = config;
  for (const project of names) {
    appendEvent(root, { event: EVENTS[decision], project, ...(who !== undefined && { who }) }, now);
    addNames(root, [{ name: project, mark: decision }]);
    if (decision !== 'forgotten') continue;
    const isStillOwn = openNameBook(config, filesOf).originOf(project).is === 'own';
    if (isStillOwn) addNames(root, [{ name: project, mark: 'seen' }]); // files are there: they are to be remembered when they are gone
  }
  const later: string[] = [];
  withdrawKept(config, names, filesOf, later);
  await flushBatch(later, later);
}
