/** What `kho missing` prints: for people, for pip, for a shell. */

import type { Candidate } from '../../catalog/candidate.ts';
import { buildList, isMissing, type TargetReport, type ToBuild } from '../../needs/missing-report.ts';
import type { Availability, Resolved } from '../../needs/resolution.ts';
import { counted, inColumns } from '../amounts.ts';
import { bold, dim, green, type Line, red, type Span, yellow } from '../text.ts';

const VERDICTS: Record<Availability, { word: string; style: (text: string) => Span }> = {
  there: { word: 'there', style: green },
  sdist: { word: 'sdist only', style: yellow },
  absent: { word: 'absent', style: red },
  hash: { word: 'other hash', style: red },
  conflict: { word: 'conflict', style: red },
};

const HELD = { word: 'held', style: red };

/** What is held need not be absent. */
function wordOf({ verdict, held }: Resolved<Candidate>) {
  return held && verdict === 'absent' ? HELD : VERDICTS[verdict];
}

/** Who asks, in one line: more are counted. */
const NAMED_ASKERS = 2;

/** @param all also what is there */
export function missingLines(reports: readonly TargetReport[], all: boolean): Line[] {
  return reports.flatMap((report, index): Line[] => {
    const { platform, python, repository, resolution } = report;
    const missing = resolution.projects.filter(isMissing);
    const total = resolution.projects.length;
    const verdict = missing.length === 0 ? green('nothing is missing') : red(`${missing.length} of ${total} missing`);
    const where = repository === '.' ? '' : ` in ${repository}`;
    return [
      ...(index > 0 ? [''] : []),
      [bold(`${platform}, Python ${python}${where}`), ': ', verdict],
      ...projectLines(all ? resolution.projects : missing),
      ...resolution.unread.map(
        (name): Line => [red(`  what ${name} depends on is not known: its metadata could not be read`)],
      ),
      ...(resolution.outside.length > 0 && (all || missing.length > 0 || index === 0)
        ? outsideLines(resolution.outside)
        : []),
    ];
  });
}

function projectLines(projects: readonly Resolved<Candidate>[]): Line[] {
  const rows = inColumns(projects.map((each) => [each.name, each.version ?? '', wordOf(each).word, '']));
  return projects.map((each, index): Line => {
    const [name = '', version = '', word = ''] = rows[index] as string[];
    const { verdict, file, why, specifiers } = each;
    const about = verdict === 'there' ? (file?.filename ?? '') : (why ?? '');
    const asks = `for ${askers(each)}${verdict !== 'conflict' && specifiers !== '' && !specifiers.startsWith('==') ? ` (${specifiers})` : ''}`;
    return [`  ${name}  ${version}  `, wordOf(each).style(word), `  ${about}${about ? '; ' : ''}`, dim(asks)];
  });
}

function askers({ from }: Resolved<Candidate>): string {
  const named = from.slice(0, NAMED_ASKERS).join(', ');
  return from.length > NAMED_ASKERS ? `${named} and ${from.length - NAMED_ASKERS} more` : named;
}

function outsideLines(outside: readonly string[]): Line[] {
  return [
    dim(
      `  not looked for, since it comes from elsewhere: ${outside.length === 1 ? outside[0] : counted(outside.length, 'thing')}`,
    ),
  ].map((span) => [span]);
}

/** A requirements file for each machine, in one text: comments tell them apart. */
export function buildListText(reports: readonly TargetReport[]): string {
  return byMachine(reports)
    .map(([machine, items]) => `# ${machine}\n${items.map(({ requirement }) => `${requirement}\n`).join('')}`)
    .join('');
}

/** A script for the machines that build: one line of `pip wheel` for each wheel. */
export function buildScript(reports: readonly TargetReport[]): string {
  const lines = [
    '#!/bin/sh',
    '# Builds what is missing into the folder "wheels": run each part on such a machine.',
    'set -eu',
  ];
  for (const [machine, items] of byMachine(reports)) {
    lines.push('', `# ${machine}`);
    for (const { python, requirement } of items) {
      const interpreter = `python${/^3\.\d+/.exec(python)?.[0] ?? '3'}${python.endsWith('t') ? 't' : ''}`;
      lines.push(`${interpreter} -m pip wheel --no-deps --wheel-dir wheels -- ${shellQuoted(requirement)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function byMachine(reports: readonly TargetReport[]): [string, ToBuild[]][] {
  const machines = new Map<string, ToBuild[]>();
  for (const item of buildList(reports)) {
    const machine = `${item.platform}, Python ${item.python}`;
    machines.set(machine, [...(machines.get(machine) ?? []), item]);
  }
  return [...machines];
}

/** One word for a shell, whatever is in it. */
function shellQuoted(text: string): string {
  return /^[\w.=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
