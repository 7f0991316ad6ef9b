import type { BuildReport, RepositorySummary } from '../../build-report.ts';
import type { Problem } from '../../problems.ts';
import { counted, grouped, inBytes, inColumns, inSeconds } from '../amounts.ts';
import { bold, type Line } from '../text.ts';
import { problemLines } from './problem-lines.ts';

/** One line for each repository. */
export function repositoryLines(repositories: readonly RepositorySummary[]): Line[] {
  const rows = repositories.map(({ name, projects, files, bytes }) => [
    name,
    counted(projects, 'project'),
    counted(files, 'file'),
    inBytes(bytes),
  ]);
  return inColumns(rows, [1, 2, 3]).map(([name = '', ...rest]): Line => [bold(name), `  ${rest.join('  ')}`]);
}

/** What a person should look at, under a heading; nothing when there is nothing. */
export function findingLines(problems: readonly Problem[], notes: readonly Problem[]): Line[] {
  return [
    ...section(problems, `${counted(problems.length, 'problem')}:`),
    ...section(notes, `${counted(notes.length, 'note')}:`),
  ];
}

function section(problems: readonly Problem[], heading: string): Line[] {
  return problems.length > 0 ? ['', [bold(heading)], ...problemLines(problems)] : [];
}

export function totalsLine({ written, unchanged, removed, durationMs }: BuildReport): Line {
  return `${grouped(written)} written, ${grouped(unchanged)} unchanged, ${grouped(removed)} removed in ${inSeconds(durationMs)}`;
}
