import type { SiteSettings } from '../../config/site-config.ts';
import type { Namesake } from '../../fetch/find-namesakes.ts';
import { isUndecided, type NameOrigin } from '../../names/judge-name.ts';
import { counted, grouped, inColumns } from '../amounts.ts';
import { bold, dim, type Line, yellow } from '../text.ts';

/** Named one by one up to so many. */
const MOST_NAMED = 5;

export interface ShownName {
  name: string;
  origin: NameOrigin;
  files: number;
  /** Where another index was asked, because nobody had decided. */
  namesake?: Namesake;
}

/** What stands in the way of asking another index. @param names nobody has decided whose they are */
export function undecidedLines(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const named = names.slice(0, MOST_NAMED).join(', ');
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const are = names.length === 1 ? 'is not decided, and counts as your own' : 'are not decided, and count as your own';
  return [
    `kho: ${counted(names.length, 'name')} ${are}, so no other index was asked: ${named}${more}`,
    'hint: "kho names --ask-upstream" finds out which are public; "kho names shared NAME" lets one be asked for',
  ];
}

export function namesLines(names: readonly ShownName[]): Line[] {
  const rows = names.map(({ name, origin, files }) => [name, origin.is, deciderOf(origin), grouped(files)]);
  const [head = [], ...lines] = inColumns([['NAME', 'IS', 'BY', 'FILES'], ...rows], [3]);
  if (lines.length === 0) return [];
  const undecided = names.filter(({ origin }) => isUndecided(origin)).length;
  return [
    [dim(head.join('  '))],
    ...lines.map(([name = '', ...cells]) => [bold(name), '  ', cells.join('  ')]),
    ...(undecided === 0 ? [] : ['', `${counted(undecided, 'name')} undecided: your own until you say otherwise`]),
  ];
}

function deciderOf(origin: NameOrigin): string {
  if (origin.is === 'upstream') return '-';
  return { 'kho.toml': 'kho.toml', decision: 'kho names', files: 'nobody yet' }[origin.by];
}

/** What another index said of names that nobody had decided. */
export function namesakeLines(names: readonly ShownName[]): Line[] {
  const lines = names.flatMap(({ name, namesake }): Line[] => (namesake ? [[bold(name), ...wordsOf(namesake)]] : []));
  return lines.length === 0 ? [] : ['', ...lines];
}

function wordsOf({ there, files, same, clashing }: Namesake): Exclude<Line, string> {
  if (there === 'absent') return [': not public'];
  if (there === 'unknown') return [': ', yellow('could not be asked for')];
  const clash =
    clashing.length === 0
      ? ''
      : `; ${counted(clashing.length, 'file')} of the same name ${clashing.length === 1 ? 'has' : 'have'} other bytes there`;
  if (same.length === files)
    return [`: public, and ${files === 1 ? 'the file is' : 'all files are'} the same: it is that index's from now on`];
  if (same.length === 0)
    return [': ', yellow('a public project has this name'), `, and none of your ${counted(files, 'file')}${clash}`];
  return [
    `: public; ${grouped(same.length)} of your ${counted(files, 'file')} are the same, the others your own${clash}`,
  ];
}

/** Lines for kho.toml that decide what nobody has decided: names that are not public are own, and those with files of both are shared. */
export function settingsLines(names: readonly ShownName[], { own = [], shared = [] }: SiteSettings): Line[] {
  const proposed = (isOne: (namesake: Namesake) => boolean) =>
    names.flatMap(({ name, origin, namesake }) => (isUndecided(origin) && namesake && isOne(namesake) ? [name] : []));
  const newOwn = proposed(({ there }) => there === 'absent');
  const newShared = proposed(({ same }) => same.length > 0);
  const open = proposed(({ there, same }) => there === 'present' && same.length === 0);
  const list = (key: string, before: readonly string[], added: readonly string[]) =>
    added.length === 0 ? [] : [`${key} = ${JSON.stringify([...before, ...added])}`];
  const lines = [...list('own', own, newOwn), ...list('shared', shared, newShared)];
  return [
    ...(lines.length === 0
      ? []
      : ['', 'For kho.toml, above all tables; a pattern like "farm-*" covers names to come:', ...lines]),
    ...(open.length === 0
      ? []
      : ['', `To be decided by you, with "kho names own NAME" or "kho names shared NAME": ${open.join(', ')}`]),
  ];
}
