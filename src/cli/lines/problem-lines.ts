import { type Problem, strayFolder } from '../../problems.ts';
import { counted, grouped } from '../amounts.ts';
import { dim, type Line, yellow } from '../text.ts';

type FileFault = Omit<Problem, 'code'> & { code: string };

/** So many files that have something in common are named, and so many kinds of faults told; the rest is counted: --json has all. */
const MOST_NAMED = 300;
const MOST_KINDS = 300;

/** Problems in few lines: what many files have in common is said once. In the order of the first file of each. */
export function problemLines(problems: readonly FileFault[]): Line[] {
  const alike = new Map<string, FileFault[]>();
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

function groupLines(group: readonly FileFault[]): Line[] {
  const { code, file, what, hint } = group[0]!;
  const hintLine: Line = [dim(`      hint: ${hint}`)];
  if (group.length === 1) return [[`  ${file}`], [`      ${what} `, yellow(`[${code}]`)], hintLine];
  const named = byFolder(group);
  return [
    [`  ${grouped(group.length)} files: ${what} `, yellow(`[${code}]`)],
    ...named.slice(0, MOST_NAMED).map((name) => `      ${name}`),
    ...(named.length > MOST_NAMED ? [`      and ${grouped(named.length - MOST_NAMED)} more: --json names all`] : []),
    hintLine,
  ];
}

/** A folder of packages/ in which there are several, with all below it, is one line: most often a project that was unpacked there. */
function byFolder(group: readonly FileFault[]): string[] {
  const counts = new Map<string, number>();
  for (const fault of group) {
    const folder = strayFolder(fault);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const lines = group.map((fault) => {
    const folder = strayFolder(fault);
    const count = counts.get(folder) ?? 0;
    return folder !== '' && count > 1 ? `${folder}: ${counted(count, 'file')} in it and below` : fault.file;
  });
  return [...new Set(lines)];
}
