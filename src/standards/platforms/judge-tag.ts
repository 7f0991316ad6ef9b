/** What a wheel's name promises, beside what its binaries need. */
import { familyOf } from './architecture.ts';
import type { BinaryFacts } from './binary-facts.ts';
import { baseName, evidenceWords, witnessWords } from './binary-words.ts';
import { isNewer, type PlatformTag, parsePlatformTag } from './platform-tag.ts';

export interface TagFault {
  about: 'architecture' | 'libc' | 'glibc' | 'musl';
  /** The name promises what the wheel cannot keep on any machine: nobody should get it. Otherwise only some machines should not. */
  lie: boolean;
  /** In words that follow the file's name; no full stop. */
  what: string;
  /** Of a name that promises too old a libc: what the machines that it names have to have. */
  needs?: { system: 'glibc' | 'musl'; architecture: string; libc: string };
  /** Of a name for any machine: who cannot load what is in it, in words. */
  untied?: string;
}

const BUILT_ON = { glibc: 'built on Debian, Ubuntu or another Linux with glibc', musl: 'built on Alpine' } as const;
const FAILS_ON = { glibc: 'Alpine', musl: 'Debian, Ubuntu' } as const;

/**
 * Compare a wheel's platform tags with its binaries.
 *
 * @param platform the tags as the file name has them: `manylinux_2_17_x86_64.manylinux2014_x86_64`
 * @returns the worst fault of each kind; none for a wheel that is for another system than Linux
 */
export function judgeTag(facts: BinaryFacts, platform: string): TagFault[] {
  const faults = new Map<TagFault['about'], TagFault>();
  for (const name of platform.split('.')) {
    const tag = parsePlatformTag(name);
    const untied = tag.family === 'any' && untiedFault(facts);
    if (untied) faults.set(untied.about, untied);
    if (!('architecture' in tag)) continue;
    const found = [architectureFault(facts, tag, name), libcFault(facts, tag, name), versionFault(facts, tag, name)];
    for (const fault of found) {
      if (fault && !(faults.get(fault.about)?.lie ?? false)) faults.set(fault.about, fault);
    }
  }
  return [...faults.values()];
}

type LinuxTag = Extract<PlatformTag, { architecture: string }>;

/** Modules may be there to make it quicker where they fit: it is no lie. */
function untiedFault({ modules, libc, architectures, evidence }: BinaryFacts): TagFault | undefined {
  if (architectures.length === 0) return undefined;
  const machines = architectures.join(', ');
  const parts = modules ? 'modules' : 'programs or libraries';
  const what = `has ${parts} for ${machines} (${baseName(evidence.architecture?.member ?? '')}), named for any machine`;
  const others = `machines other than ${machines}`;
  const untied = `${libc === 'neutral' || libc === 'both' ? others : `${others}, and those with ${OTHER[libc]},`} cannot load them`;
  return { about: 'architecture', lie: false, what, untied };
}

const OTHER = { glibc: 'musl', musl: 'glibc' } as const;

function architectureFault(facts: BinaryFacts, tag: LinuxTag, name: string): TagFault | undefined {
  const { architectures, evidence } = facts;
  const [architecture] = architectures;
  if (architecture === undefined || architectures.some((each) => runsOn(each, tag.architecture))) return undefined;
  const member = baseName(evidence.architecture?.member ?? '');
  // The tags of ARM do not tell soft float from hard float, but manylinux is for hard float only.
  const isSoft = architecture === 'armel' && familyOf(tag.architecture) === 'arm';
  if (!isSoft)
    return { about: 'architecture', lie: true, what: `was built for ${architecture} (${member}), named ${name}` };
  const what = `was built for ARM with soft float (Debian's armel, ${member}), named ${name}: will fail on Debian armhf`;
  return { about: 'architecture', lie: tag.family === 'manylinux', what };
}

/** ARM of one version runs what was built for those before. */
function runsOn(architecture: string, machine: string): boolean {
  if (familyOf(architecture) !== familyOf(machine)) return false;
  const [, built] = /^armv(\d)/.exec(architecture) ?? [];
  const [, runs] = /^armv(\d)/.exec(machine) ?? [];
  return built === undefined || runs === undefined || Number(built) <= Number(runs);
}

function libcFault(facts: BinaryFacts, tag: LinuxTag, name: string): TagFault | undefined {
  const { libc, evidence } = facts;
  if (libc === 'neutral') return undefined;
  if (libc === 'both') {
    const parts = `glibc (${witnessWords(evidence.glibc)}) and for musl (${witnessWords(evidence.musl)})`;
    return { about: 'libc', lie: true, what: `has parts for ${parts}: no machine has both` };
  }
  const promised = tag.family === 'manylinux' ? 'glibc' : tag.family === 'musllinux' ? 'musl' : undefined;
  if (promised === libc) return undefined;
  const because = evidence[libc] ? ` (${evidenceWords(evidence[libc])})` : '';
  const what = `was ${BUILT_ON[libc]}${because}, named ${name}: will fail on ${FAILS_ON[libc]}`;
  return { about: 'libc', lie: promised !== undefined, what };
}

function versionFault(facts: BinaryFacts, tag: LinuxTag, name: string): TagFault | undefined {
  const { glibcFloor, muslFloor, evidence } = facts;
  if (tag.family === 'manylinux' && glibcFloor !== undefined && isNewer(glibcFloor, tag.version)) {
    const needs = `needs glibc ${glibcFloor} (${witnessWords(evidence.glibcFloor)})`;
    return {
      ...{ about: 'glibc', lie: true, what: `${needs}, but its name ${name} promises ${tag.version}` },
      needs: { system: 'glibc', architecture: tag.architecture, libc: glibcFloor },
    };
  }
  if (tag.family === 'musllinux' && muslFloor !== undefined && isNewer(muslFloor, tag.version)) {
    // musllinux_1_2 promises no third number: true for the tag, and yet it crashes on 1.2.3.
    const lie = !muslFloor.startsWith(`${tag.version}.`);
    const needs = `needs musl ${muslFloor} (${witnessWords(evidence.muslFloor)})`;
    return {
      ...{ about: 'musl', lie, what: `${needs}, which its name ${name} does not say` },
      needs: { system: 'musl', architecture: tag.architecture, libc: muslFloor },
    };
  }
  return undefined;
}
