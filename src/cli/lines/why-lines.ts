import type { Candidate } from '../../catalog/candidate.ts';
import { type ExplainedChoice, whyNotWords } from '../../catalog/explain-choice.ts';
import type { HeldCandidate } from '../../catalog/held-files.ts';
import { counted } from '../amounts.ts';
import { bold, dim, green, type Line, red } from '../text.ts';

/** What is told of one kind of machine. */
export interface Explanation extends ExplainedChoice<Candidate> {
  platform: string;
  python: string;
  repository: string;
  /** What lies there and is not listed. */
  held: readonly HeldCandidate[];
  /** What another index has, and is not let in. */
  refused: readonly { filename: string; why: string }[];
  /** That index, by its name in kho.toml; absent where none is known to have the project. */
  upstream?: string;
  /** What another index has is not known here. */
  isUnasked?: true;
  /** What is not known, or why nobody was asked. */
  note?: string;
}

/** Other indexes have thousands of files of a project: the newest tell enough. */
const MOST_SHOWN = 200;

export function whyLines(explanation: Explanation, place: number): Line[] {
  const { platform, python, repository, others, held, refused, upstream, note } = explanation;
  const where = repository === '.' ? '' : ` in ${repository}`;
  return [
    ...(place > 0 ? [''] : []),
    [bold(`${platform}, Python ${python}${where}`), ' takes ', ...takenWords(explanation)],
    ...shortened(others, ({ file, why }): Line => [`  ${file.filename}  `, dim(whyNotWords(why))]),
    ...held.map(
      ({ filename, file: { what, hint } }): Line => [`  ${filename}  `, red('held'), dim(`: ${what}; ${hint}`)],
    ),
    ...shortened(
      refused,
      ({ filename, why }): Line => [`  ${filename}  `, red(`not let in from ${upstream}`), dim(`: it ${why}`)],
    ),
    ...(note === undefined ? [] : [[dim(`  ${note}`)]]),
  ];
}

function takenWords({ chosen, isUnasked }: Explanation): Exclude<Line, string> {
  if (!chosen) return [isUnasked ? 'nothing that is known here yet' : red('nothing')];
  return isUnasked ? [green(chosen.filename), ' of what is here'] : [green(chosen.filename)];
}

function shortened<T>(all: readonly T[], lineOf: (each: T) => Line): Line[] {
  const left = all.length - MOST_SHOWN;
  return [
    ...all.slice(0, MOST_SHOWN).map(lineOf),
    ...(left > 0 ? [[dim(`  and ${counted(left, 'more file')}: --json has all`)]] : []),
  ];
}
