import { type Problem, strayFolder } from '../problems.ts';

/** A problem, or one that stands for all of a folder, with what tells it from others: how many files there are does not. */
export interface FoldedProblem {
  problem: Problem;
  key: string;
}

/** One problem for all files of a folder that are alike. In the order of the first of each. */
export function foldStrays(problems: readonly Problem[]): FoldedProblem[] {
  const folded = new Map<string, { first: Problem; count: number; folder: string }>();
  const keyOf = ({ code, what }: Problem, file: string) => `${code} ${file} ${what}`;
  for (const problem of problems) {
    const folder = strayFolder(problem);
    const key = keyOf(problem, folder || problem.file);
    const group = folded.get(key);
    if (group) group.count++;
    else folded.set(key, { first: problem, count: 1, folder });
  }
  return [...folded].map(([key, { first, count, folder }]) => {
    if (count === 1 || folder === '') return { problem: first, key: keyOf(first, first.file) };
    return { problem: { ...first, file: folder, what: `has ${count} files in it and below: each ${first.what}` }, key };
  });
}
