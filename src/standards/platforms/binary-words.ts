/** What kho says to people of the binaries in a wheel: the same on the terminal and on web pages. */
import type { BinaryFacts, Evidence } from './binary-facts.ts';
import { releasesWith } from './distributions.ts';
import type { MemberFacts } from './member-facts.ts';
import { isNewer } from './platform-tag.ts';

/** What all systems in use have: not worth a word. */
const IN_ALL = { glibc: '2.28', musl: '1.1.20' } as const;

/** A line has room for so many. */
const NAMED = ['Debian', 'Ubuntu', 'RHEL', 'Alpine'];

/** In words that follow the member's name: `needs libc.musl-x86_64.so.1`. */
export function evidenceWords({ kind, value }: Evidence): string {
  if (kind === 'machine') return `is built for ${value}`;
  if (kind === 'loader') return `asks for the loader ${value}`;
  if (kind === 'suffix') return `is named for ${value}`;
  return kind === 'relocations' ? `has packed relocations (${value})` : `needs ${value}`;
}

/** `_x.so needs GLIBC_2.34`; nothing of nothing. */
export function witnessWords(evidence: Evidence | undefined): string {
  return evidence ? `${baseName(evidence.member)} ${evidenceWords(evidence)}` : '';
}

/** The first systems that have a libc so new: `Debian 12, Ubuntu 21.10`; undefined when all that are in use have it, or none is known. */
export function systemsWith(libc: 'glibc' | 'musl', version: string): string | undefined {
  if (!isNewer(version, IN_ALL[libc])) return undefined;
  const systems = releasesWith(libc, version, 'x86_64').map(({ name, release }) => [name.split('/', 1)[0], release]);
  const named = systems.filter(([name = '']) => NAMED.includes(name)).map((system) => system.join(' '));
  return named.length > 0 ? named.join(', ') : undefined;
}

/** A label and what is to be said under it, in the order in which people want to know it. */
export type BinaryWords = readonly [
  label: 'built for' | 'needs' | 'not in it' | 'for Python' | 'not examined',
  text: string,
];

export function binaryWords(facts: BinaryFacts): BinaryWords[] {
  const { architectures, pythons, outside, unexamined } = facts;
  const words: BinaryWords[] = [];
  if (architectures.length > 0) words.push(['built for', `${machineWords(architectures)}, ${libcWords(facts)}`]);
  for (const libc of ['glibc', 'musl'] as const) {
    const floor = facts[`${libc}Floor`];
    if (floor === undefined || (facts.libc !== libc && facts.libc !== 'neutral')) continue;
    const systems = systemsWith(libc, floor);
    const because = witnessWords(facts.evidence[`${libc}Floor`]);
    const or = facts.libc === 'neutral' ? `, with ${libc}` : '';
    words.push([
      'needs',
      `${libc} ${floor} or newer${or}${systems ? `: ${systems}` : ''}${because && ` (${because})`}`,
    ]);
  }
  if (facts.privateGlibc) words.push(['needs', 'the very build of glibc that it was linked with (GLIBC_PRIVATE)']);
  if (pythons) words.push(['for Python', pythons.join(', ')]);
  if (outside)
    words.push(['not in it', `${outside.join(', ')}: the machine must have ${outside.length > 1 ? 'them' : 'it'}`]);
  if (unexamined !== undefined) words.push(['not examined', unexamined]);
  return words;
}

/** In words that follow the member's path. */
export function memberWords(member: MemberFacts): string {
  const { kind, architecture, floatAbi, libc, evidence, glibc, packedRelocations, fault, needed } = member;
  const machine = `${architecture}${floatAbi ? ` with ${floatAbi} float` : ''}`;
  const words = [`${kind} for ${machine}`];
  if (libc && evidence) words.push(`${libc}: ${evidenceWords({ member: '', ...evidence })}`);
  else words.push(needed.length === 0 && kind === 'program' ? 'static' : 'either libc');
  if (glibc !== undefined && evidence?.kind !== 'version') words.push(`needs GLIBC_${glibc}`);
  if (packedRelocations) words.push('packed relocations (DT_RELR)');
  if (fault !== undefined) words.push(`its ${fault} cannot be read`);
  return words.join(', ');
}

function machineWords([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} (parts of it for ${others.join(', ')})`;
}

function libcWords({ libc, evidence }: BinaryFacts): string {
  const { glibc, musl } = evidence;
  if (libc === 'glibc') return `glibc (Debian, Ubuntu, …): ${witnessWords(glibc)}${besideWords('musl', musl)}`;
  if (libc === 'musl') return `musl (Alpine, …): ${witnessWords(musl)}${besideWords('glibc', glibc)}`;
  if (libc === 'both')
    return `glibc and musl, which no machine has both: ${witnessWords(glibc)}, ${witnessWords(musl)}`;
  return 'glibc or musl: nothing in it is tied to either';
}

/** Of a helper program beside it. */
function besideWords(libc: 'glibc' | 'musl', evidence: Evidence | undefined): string {
  return evidence ? `; a program beside it for ${libc}: ${witnessWords(evidence)}` : '';
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
