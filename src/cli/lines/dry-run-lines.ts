import type { DryRunReport, FileChange } from '../../build-report.ts';
import { counted } from '../amounts.ts';
import { bold, type Line, red } from '../text.ts';
import { findingLines, repositoryLines } from './build-lines.ts';
import { problemLines } from './problem-lines.ts';

/** What a run would do: above all else, what would no longer be listed. */
export function dryRunLines({ repositories, problems, notes, moved, changes, outdated }: DryRunReport): Line[] {
  const became = (what: FileChange['became']) => changes.filter((change) => change.became === what);
  const held = became('held');
  const lost = held.filter(({ wasListed }) => wasListed).flatMap(({ problem }) => problem ?? []);
  const section = (what: string, lines: readonly string[]): Line[] =>
    lines.length > 0
      ? [[bold(`${what}: ${counted(lines.length, 'file')}`)], ...lines.map((line) => `  ${line}`), '']
      : [];
  return [
    ...(lost.length > 0
      ? [[red(`would be held, and listed until now: ${counted(lost.length, 'file')}`)], ...problemLines(lost), '']
      : []),
    ...section(
      'would no longer be listed, since they are gone',
      became('gone').map(({ file }) => file),
    ),
    ...section(
      'would be taken from incoming/',
      moved.map(({ file, to }) => `${file} to ${to}`),
    ),
    ...section('would be listed', became('listed').map(named)),
    ...section('would be listed with other bytes', became('replaced').map(named)),
    ...(outdated > 0
      ? [`${counted(outdated, 'file')} would be looked at again, by new rules: what stands here is by these`, '']
      : []),
    ...repositoryLines(repositories),
    ...findingLines(problems, notes),
    '',
    'nothing was changed',
  ];
}

function named({ file, project, version }: FileChange): string {
  return `${file} as ${project} ${version}`;
}
