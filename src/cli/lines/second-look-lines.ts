import type { BuildReport } from '../../build-report.ts';
import { counted } from '../amounts.ts';
import { bold, type Line, red } from '../text.ts';
import { problemLines } from './problem-lines.ts';

/** What came of looking once more at files that were published: above all else, what is no longer listed. */
export function secondLookLines({ secondLook, due, problems }: BuildReport): Line[] {
  if (!secondLook) return [];
  const { judged, news, unpacked, held, listed } = secondLook;
  const lines: Line[] = [];
  if (held.length > 0) {
    const why = problems.filter(({ file }) => held.includes(file));
    lines.push([red(`no longer listed: ${counted(held.length, 'file')}`)], ...problemLines(why), '');
  }
  if (judged > 0) {
    const left = due.outdated > 0 ? `; ${counted(due.outdated, 'file')} left for the next runs` : '';
    const sides = `${held.length} held that were listed, ${listed.length} listed that were held`;
    lines.push([bold('new rules'), `: ${counted(judged, 'file')} looked at again, ${sides}${left}`]);
    for (const change of news) lines.push(`  they ${change}`);
    for (const file of listed) lines.push(`  listed now: ${file}`);
    lines.push('');
  }
  if (due.unverified > 0 && unpacked > 0)
    lines.push(
      `${counted(unpacked, 'package')} unpacked to see whether all of it is whole; ${counted(due.unverified, 'package')} left for the next runs`,
      '',
    );
  return lines;
}
