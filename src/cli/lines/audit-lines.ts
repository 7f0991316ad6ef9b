import { type KnownHole, severityWord } from '../../advisories/known-holes.ts';
import { counted } from '../amounts.ts';
import type { Audit, AuditedVersion } from '../audit/make-audit.ts';
import { bold, dim, type Line, red, type Span, yellow } from '../text.ts';

/** Named one by one up to so many. */
const MOST_NAMED = 3;

export function auditLines({ about, releases, looked, own, unpinned }: Audit): Line[] {
  const holes = releases.reduce((sum, release) => sum + release.holes.length, 0);
  const age = about.newest === '' ? '' : `, the newest of ${about.newest.slice(0, 10)}`;
  return [
    ...releases.flatMap(releaseLines),
    ...(releases.length > 0 ? [''] : []),
    `${counted(looked, 'version')} looked at, ${counted(holes, 'known hole')} in ${counted(releases.length, 'of them', 'of them')}`,
    aside(`by ${counted(about.advisories, 'advisory', 'advisories')} of ${about.from}${age}`),
    ...(about.unread > 0 ? [aside(`${counted(about.unread, 'record')} there could not be read`)] : []),
    ...(own.length > 0 ? [aside(`not looked for, since they are your own: ${named(own)}`)] : []),
    ...(unpinned.length > 0 ? [aside(`not looked for, since no version is named: ${named(unpinned)}`)] : []),
  ];
}

function releaseLines({ project, version, where, holes }: AuditedVersion): Line[] {
  return [
    [bold(`${project} ${version}`), '  ', dim(named(where))],
    ...holes.map((hole): Line => {
      const names = [hole.id, ...hole.aliases.slice(0, MOST_NAMED)].join(', ');
      const closed = hole.isMalware
        ? ''
        : hole.fixed.length === 0
          ? ', closed in no version'
          : `, closed in ${hole.fixed.join(', ')}`;
      return [
        '  ',
        severityOf(hole),
        `  ${names}${closed}`,
        ...(hole.summary === '' ? [] : [dim(`: ${hole.summary}`)]),
      ];
    }),
  ];
}

/** As wide as the longest, `critical`. In characters. */
const WIDTH = 8;

function severityOf(hole: KnownHole): Span {
  const word = severityWord(hole);
  const text = word.padEnd(WIDTH);
  return word === 'malware' || word === 'critical' || word === 'high' ? red(text) : yellow(text);
}

function aside(text: string): Line {
  return [dim(text)];
}

function named(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}
