/** What a build writes down of names, before their files are listed. */
import { KhoError } from '../errors.ts';
import { KEPT_FOLDER } from '../io/kept-folder.ts';
import { PROBLEM_HINTS, type Problem } from '../problems.ts';
import { PROJECT_RECORDS } from '../publish/manifest.ts';
import { readOrigins } from './origins.ts';
import { isOwnFile } from './own-files.ts';
import { addNames, hasNames, readNames } from './own-names.ts';

/** The line of a project's record; undefined where there is none. */
export type RecordLookup = (name: string) => string | undefined;

export interface NamesToRemember {
  /** Those that change; all are looked at where nothing was remembered yet. */
  changing: readonly string[];
  all(): Iterable<string>;
  /** What the last run knew, and remembered the names of. */
  before: RecordLookup;
  after: RecordLookup;
}

/** Of so many new names, as after `.kho` was deleted, most may stand there already. Of fewer, it costs less to write one twice. */
const MANY = 20;

/**
 * Remember which names the site has files of its own of. Costs little for projects that had such files before. The lock must be held.
 *
 * @param later see `putKept`
 * @returns a note where that cannot be; publishing is worth more, and no other index is asked for anything then
 */
export function rememberNames(root: string, names: NamesToRemember, later?: string[]): Problem[] {
  try {
    addNewNames(root, names, later);
    return [];
  } catch (error) {
    if (!(error instanceof KhoError)) throw error;
    return [notKept(error)];
  }
}

export function notKept({ message }: KhoError): Problem {
  const code = 'names-not-kept';
  const what = `cannot hold which names are your own: ${message}`;
  return { code, file: KEPT_FOLDER, what, hint: PROBLEM_HINTS[code] };
}

function addNewNames(root: string, { changing, all, before, after }: NamesToRemember, later?: string[]): void {
  const isFirst = !hasNames(root);
  const { origins } = readOrigins(root);
  const hasOwn = (line: string | undefined) =>
    line !== undefined &&
    (origins.size === 0 || (PROJECT_RECORDS.parse(line)?.files.some((file) => isOwnFile(file, origins)) ?? true));
  const isNew = (name: string) => hasOwn(after(name)) && (isFirst || !hasOwn(before(name)));
  const names = [...(isFirst ? all() : changing)].filter(isNew).sort();
  const remembered = names.length > MANY ? readNames(root) : undefined;
  const added = names.filter((name) => !remembered?.get(name)?.isSeen);
  if (isFirst || added.length > 0)
    addNames(
      root,
      added.map((name) => ({ name, mark: 'seen' })),
      later,
    );
}
