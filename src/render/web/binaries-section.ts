/** What the programs and libraries in a wheel need of the machine. */
import type { BinaryFacts, Evidence } from '../../standards/platforms/binary-facts.ts';
import { baseName } from '../../standards/platforms/binary-words.ts';
import { releasesWith } from '../../standards/platforms/distributions.ts';
import { type Html, html } from '../html.ts';
import { facts, systemsList, when } from './parts.ts';

import type { TextKey } from './texts/en.ts';
import type { Words } from './words.ts';

const LIBC_TEXTS = {
  glibc: 'libcGlibc',
  musl: 'libcMusl',
  neutral: 'libcNeutral',
  both: 'libcBoth',
} as const satisfies Record<BinaryFacts['libc'], TextKey>;

const EVIDENCE_TEXTS = {
  machine: 'evidenceMachine',
  loader: 'evidenceLoader',
  needs: 'evidenceNeeds',
  version: 'evidenceNeeds',
  suffix: 'evidenceSuffix',
  relocations: 'evidenceRelocations',
} as const satisfies Record<Evidence['kind'], TextKey>;

export function binariesSection(binaries: BinaryFacts, words: Words): Html {
  const { libc, architectures, evidence, outside = [], pythons = [], unexamined, privateGlibc } = binaries;
  const witness = evidence.glibc ?? evidence.musl;
  // Most often what tells the libc is what needs the newest of it: once is enough.
  const floors = floorRows(binaries, words);
  const isSaidBelow =
    floors.length > 0 &&
    [evidence.glibcFloor, evidence.muslFloor].some(
      (floor) => floor?.member === witness?.member && floor?.value === witness?.value,
    );
  const rows = facts([
    [words.mark('libc'), html`${words.mark(LIBC_TEXTS[libc])}${when(!isSaidBelow, () => because(witness, words))}`],
    [words.mark('architecture'), architectures.join(', ')],
    ...floors,
    [words.mark('whichGlibc'), privateGlibc && words.mark('privateGlibc')],
    [words.mark('modulesFor'), pythons.join(', ')],
    [words.mark('outsideLibraries'), outside.length > 0 ? html`<code>${outside.join(' ')}</code>` : undefined],
  ]);
  return html`<section id="binaries"><h2>${words.mark('binaries')}</h2>
${rows}${when(unexamined, () => html`<p class="hint">${words.mark('unexamined', unexamined ?? '')}</p>\n`)}</section>
`;
}

function floorRows(
  { libc, glibcFloor, muslFloor, evidence, architectures }: BinaryFacts,
  words: Words,
): [Html, Html][] {
  const row = (of: 'glibc' | 'musl', floor: string, witness: Evidence | undefined): [Html, Html] => {
    const systems = releasesWith(of, floor, architectures[0]);
    return [
      words.mark('oldestLibc', of),
      html`<strong>${floor}</strong>${when(systems.length > 0, () => systemsList(systems, words))}${because(witness, words)}`,
    ];
  };
  const counts = (of: 'glibc' | 'musl') => libc === of || libc === 'neutral';
  return [
    ...(glibcFloor !== undefined && counts('glibc') ? [row('glibc', glibcFloor, evidence.glibcFloor)] : []),
    ...(muslFloor !== undefined && counts('musl') ? [row('musl', muslFloor, evidence.muslFloor)] : []),
  ];
}

/** Which member shows it. */
function because(evidence: Evidence | undefined, words: Words): Html {
  if (!evidence) return html``;
  const { kind, member, value } = evidence;
  return html`<br><span class="quiet">${words.mark(EVIDENCE_TEXTS[kind], baseName(member), value)}</span>`;
}
