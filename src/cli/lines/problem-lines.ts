import type { Problem } from '../../problems.ts';
import { dim, type Line, yellow } from '../text.ts';

type Fault = Omit<Problem, 'code'> & { code: string };

/** Problems in few lines, all of them: what many files have in common is said once. In the order of the first file of each. */
export function problemLines(problems: readonly Fault[]): Line[] {
  const alike = new Map<string, Fault[]>();
  for (const problem of problems) {
    const key = JSON.stringify([problem.code, problem.what, problem.hint]);
    const group = alike.get(key);
    if (group) group.push(problem);
    else alike.set(key, [problem]);
  }
  return [...alike.values()].flatMap(groupLines);
}

function groupLines(group: readonly Fault[]): Line[] {
  const { code, file, what, hint } = group[0]!;
  const hintLine: Line = [dim(`      hint: ${hint}`)];
  if (group.length === 1) return [[`  ${file}`], [`      ${what} `, yellow(`[${code}]`)], hintLine];
  return [
    [`  ${group.length} files: ${what} `, yellow(`[${code}]`)],
    ...group.map((each) => `      ${each.file}`),
    hintLine,
  ];
}
