/** Whether a head may follow the one that was believed before. Pure. */
import { KhoError } from '../errors.ts';
import type { SyncHead } from '../sync-format/head.ts';

export interface HeadOptions {
  /** The repository that was asked for. */
  repository: string;
  /** Where it came from, for people. */
  shown: string;
  /** It may be an older one than was seen. */
  allowOlder: boolean;
  /** It may be of another site than before. */
  newCentre: boolean;
}

/** @param before what was believed last; absent the first time. @throws {KhoError} UPSTREAM, which says what it is instead */
export function checkHead(head: SyncHead, before: SyncHead | undefined, options: HeadOptions): void {
  const { repository, shown, allowOlder, newCentre } = options;
  const refuse = (why: string, hint: string) =>
    new KhoError('UPSTREAM', `Cannot follow "${repository}" of ${shown}: ${why}`, { hint });
  if (head.repository !== repository) {
    throw refuse(
      `its head is that of the repository "${head.repository}"`,
      'look what its web server gives for sync/head.json',
    );
  }
  if (before === undefined) return;
  if (head.site !== before.site) {
    if (newCentre) return;
    throw refuse(
      `it is the site ${head.site}, and this one follows ${before.site}`,
      'if the centre was made anew, say --new-centre once',
    );
  }
  if (before.repository !== repository && !newCentre) {
    throw refuse(
      `this one follows its repository "${before.repository}"`,
      'if another is meant from now on, say --new-centre once',
    );
  }
  if (allowOlder) return;
  const hint =
    'if the centre came back from a backup, its counter can be raised there, for all who follow it; else, if that state is meant, say --allow-older once';
  if (head.counter < before.counter)
    throw refuse(`its head has the counter ${head.counter}, and ${before.counter} was seen already`, hint);
  if (head.counter === before.counter && head.catalogue.sha256 !== before.catalogue.sha256)
    throw refuse(`its head has the counter ${head.counter} as before, and names another catalogue`, hint);
}
