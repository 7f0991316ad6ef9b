import { clear } from '../../housekeeping/clear-stores.ts';
import { housekeep } from '../../housekeeping/housekeeping.ts';
import { groupsIn, type StoredGroup } from '../../housekeeping/stores.ts';
import { inPlaceTarget } from '../../publish/target.ts';
import { counted, inBytes } from '../amounts.ts';
import { openForDoer } from '../open-for-doer.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';

interface EmptyTrashOptions {
  site?: string | undefined;
  apply: boolean;
  /** In milliseconds. */
  older?: number | undefined;
  json?: true | undefined;
}

const DAY_MS = 86_400_000;

/** Nothing of it is published, so nothing has to be published anew. */
export async function runEmptyTrash(options: EmptyTrashOptions): Promise<void> {
  const { apply, older = 0, json } = options;
  const { config, doer } = await openForDoer(options, apply ? 'writes' : 'reads');
  inPlaceTarget(config);
  const going = () => groupsIn(config, 'trash').filter((group) => isOlder(group, older, doer.now));
  const groups = apply
    ? await housekeep(config, doer, async () => {
        const due = going();
        const why = older > 0 ? `removed more than ${older / DAY_MS} days ago` : 'the trash was emptied';
        if (due.length > 0) clear(config, 'trash', due, { ...doer, why });
        return due;
      })
    : going();
  const bytes = groups.reduce((sum, { size }) => sum + size, 0);
  if (json) {
    const files = groups.flatMap(({ paths }) => paths.map((path) => path.slice(config.root.length + 1)));
    terminal.stdout(printableJson({ applied: apply, deleted: files.sort(), bytes }));
    return;
  }
  const what = `${counted(groups.length, 'file')}, ${inBytes(bytes)}`;
  terminal.print([apply ? `trash: ${what} deleted` : `trash: ${what} to go`]);
  if (!apply) terminal.say(['kho: nothing was changed; --apply deletes it for good']);
}

/** The day on which it was removed has to be over for so long: at which hour that was, the trash does not tell. */
function isOlder({ sinceMs }: StoredGroup, older: number, now: number): boolean {
  return older === 0 || sinceMs + DAY_MS + older <= now;
}
