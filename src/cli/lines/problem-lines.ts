import type { Problem } from '../../problems.ts';
import { grouped } from '../amounts.ts';
import { dim, type Line, yellow } from '../text.ts';

type Fault = Omit<Problem, 'code'> & { code: string };

/** So many files that have something in common are named, and so many kinds of faults told; the rest is counted: --json has all. */
const MOST_NAMED = 300;
const MOST_KINDS = 300;

/** Problems in few lines: what many files have in common is said once. In the order of the first file of each. */
export function problemLines(problems: readonly Fault[]): Line[] {
  const alike = new Map<string, Fault[]>();
  for (const problem of problems) {
    const key = JSON.stringify([problem.code, problem.what, problem.hint]);
    const group = alike.get(key);
    if (group) group.push(problem);
    else alike.set(key, [problem]);
  }
  const groups = [...alike.values()];
  const lines = groups.slice(0, MOST_KINDS).flatMap(groupLines);
  const rest = groups.slice(MOST_KINDS).reduce((sum, group) => sum + group.length, 0);
  if (rest > 0) lines.push(`  and ${grouped(rest)} more of other kinds: --json names all`);
  return lines;
}

function groupLines(group: readonly Fault[]): Line[] {
  const { code, file, what, hint } = group[0]!;
  const hintLine: Line = [dim(`      hint: ${hint}`)];
  if (group.length === 1) return [[`  ${file}`], [`      ${what} `, yellow(`[${code}]`)], hintLine];
  return [
    [`  ${grouped(group.length)} files: ${what} `, yellow(`[${code}]`)],
    ...group.slice(0, MOST_NAMED).map((each) => `      ${each.file}`),
    ...(group.length > MOST_NAMED ? [`      and ${grouped(group.length - MOST_NAMED)} more: --json names all`] : []),
    hintLine,
  ];
}
