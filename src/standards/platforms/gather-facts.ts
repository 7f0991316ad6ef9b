import { armName, familyOf, isStatic, machineOf } from './architecture.ts';
import type { BinaryFacts, ElfMember, Evidence, EvidenceAbout, Libc } from './binary-facts.ts';
import { manylinuxOfCompiler } from './compiler-libraries.ts';
import { asksForPrivateGlibc, highestGlibc, isForAndroid, libcOf } from './libc.ts';
import { outsideLibraries } from './outside-libraries.ts';
import { architecturesIn, isNewer, newest } from './platform-tag.ts';

/** Loaders before these pass over packed relocations. */
const PACKED_RELOCATIONS_SINCE = { glibc: '2.36', musl: '1.2.4' } as const;
/** The first Linux for AArch64 that manylinux is about (CentOS 7, glibc 2.17) brings the one symbol of the next version. */
const BACKPORTED = { version: '2.18', since: '2.17' } as const;
const AARCH64 = 183;
/** What a module is for, by its name. */
const MODULE_NAME = /\.(?:cpython-(\d+[a-z]*)-[\w-]+|pypy(\d+)-\w+-[\w-]+|(abi3t?)(?:-[\w-]+)?)\.so$/;

/**
 * Add up what the members of one wheel need. Those for another machine than the rest are only named.
 *
 * @param members programs and libraries, in the order of the archive
 * @param paths of all members: libraries may be among them
 * @param platform the wheel's platform tags as its name has them
 * @returns undefined when there is none for a machine that Python runs on
 */
export function gatherFacts(
  members: readonly ElfMember[],
  paths: Iterable<string>,
  platform: string,
): BinaryFacts | undefined {
  const byMachine = groupByMachine(members);
  const named = architecturesIn(platform);
  const [machine, ...others] = orderMachines(byMachine, named.map(familyOf));
  if (machine === undefined) return undefined;
  const counted = byMachine.get(machine) as ElfMember[];
  const [architecture = machine, ...otherArchitectures] = [machine, ...others].map((each) =>
    each === 'arm' ? armArchitecture(byMachine.get(each) ?? [], named) : each,
  );

  const evidence: BinaryFacts['evidence'] = {
    architecture: { member: counted[0]!.path, kind: 'machine', value: architecture },
  };
  const libc = gatherLibc(counted, evidence);
  // A helper program for the other libc asks for nothing that the modules would have to have.
  const own =
    libc === 'neutral' || libc === 'both'
      ? counted
      : counted.filter(({ path, elf }) => (libcOf(elf, path)?.libc ?? libc) === libc);
  const floors = gatherFloors(own, libc, evidence);
  const manylinux = libc === 'musl' ? undefined : gatherManylinux(own, floors.glibcFloor);
  const pythons = [...new Set(counted.flatMap(({ path }) => pythonOf(path) ?? []))].sort();
  const outside = outsideLibraries(own, paths, libc);
  return {
    libc,
    architectures: [architecture, ...otherArchitectures],
    ...floors,
    ...(manylinux !== undefined && { manylinuxFloor: manylinux }),
    ...(counted.some(({ elf }) => asksForPrivateGlibc(elf)) && { privateGlibc: true }),
    ...(counted.some(isModule) && { modules: true }),
    ...(pythons.length > 0 && { pythons }),
    ...(outside.length > 0 && { outside }),
    evidence,
  };
}

function groupByMachine(members: readonly ElfMember[]): Map<string, ElfMember[]> {
  const byMachine = new Map<string, ElfMember[]>();
  for (const member of members) {
    const machine = isForAndroid(member.elf) ? undefined : machineOf(member.elf);
    if (machine === undefined) continue;
    const group = byMachine.get(machine);
    if (group) group.push(member);
    else byMachine.set(machine, [member]);
  }
  return byMachine;
}

/** What Python imports decides; of machines that are alike in that, the one the wheel is named for; else that of most members. */
function orderMachines(byMachine: ReadonlyMap<string, ElfMember[]>, named: readonly string[]): string[] {
  const score = ([machine, members]: [string, ElfMember[]]) =>
    (members.some(isModule) ? 2e9 : 0) + (named.includes(machine) ? 1e9 : 0) + members.length;
  return [...byMachine].sort((a, b) => score(b) - score(a) || (a[0] < b[0] ? -1 : 1)).map(([machine]) => machine);
}

/** One object for a newer machine makes the whole wheel need it; and no older machine takes what is named for a newer one. */
function armArchitecture(members: readonly ElfMember[], named: readonly string[]): string {
  const architectures = members.flatMap(({ elf }) => elf.arm?.cpuArchitecture ?? []);
  const name = named
    .filter((each) => familyOf(each) === 'arm')
    .sort()
    .at(-1);
  const built = armName(architectures.length > 0 ? Math.max(...architectures) : undefined, name ?? 'armv7l');
  return name === 'armv7l' && built < name ? name : built;
}

/** What a process of Python loads decides, as with machines; programs are helpers beside it, which auditwheel passes over too. */
function gatherLibc(members: readonly ElfMember[], evidence: BinaryFacts['evidence']): Libc {
  const ofLibraries = new Set<Libc>();
  for (const { path: member, elf } of members) {
    const found = libcOf(elf, member);
    if (!found) continue;
    evidence[found.libc] ??= { member, kind: found.kind, value: found.value };
    if (elf.kind === 'library' && elf.interpreter === undefined) ofLibraries.add(found.libc);
  }
  const [first, ...others] = ofLibraries;
  if (first !== undefined && others.length === 0) return first;
  if (evidence.glibc && evidence.musl) return 'both';
  return evidence.glibc ? 'glibc' : evidence.musl ? 'musl' : 'neutral';
}

type Floors = Pick<BinaryFacts, 'glibcFloor' | 'muslFloor'>;

function gatherFloors(members: readonly ElfMember[], libc: Libc, evidence: BinaryFacts['evidence']): Floors {
  const floors: Floors = {};
  const raise = (which: keyof Floors & EvidenceAbout, version: string, witness: Evidence) => {
    const floor = floors[which];
    if (floor !== undefined && !isNewer(version, floor)) return;
    floors[which] = version;
    evidence[which] = witness;
  };
  for (const { path: member, elf } of members) {
    const highest = highestGlibc(elf);
    const since = elf.machine === AARCH64 && highest === BACKPORTED.version ? BACKPORTED.since : highest;
    if (since !== undefined) raise('glibcFloor', since, { member, kind: 'version', value: `GLIBC_${highest}` });
    if (!elf.packedRelocations || isStatic(elf)) continue; // a program without a loader relocates itself
    const witness: Evidence = { member, kind: 'relocations', value: 'DT_RELR' };
    if (libc !== 'musl') raise('glibcFloor', PACKED_RELOCATIONS_SINCE.glibc, witness);
    if (libc !== 'glibc') raise('muslFloor', PACKED_RELOCATIONS_SINCE.musl, witness);
  }
  return floors;
}

/** Only what is more than the floor. */
function gatherManylinux(members: readonly ElfMember[], glibcFloor = '0'): string | undefined {
  const found = newest(members.flatMap(({ elf }) => [manylinuxOfCompiler(elf), highestGlibc(elf, 'optional')]));
  return found !== undefined && isNewer(found, glibcFloor) ? found : undefined;
}

/** What a module's name says it is for: `cp311`, `pp310`, `abi3`. */
export function pythonOf(path: string): string | undefined {
  const [, cpython, pypy, stable] = MODULE_NAME.exec(path) ?? [];
  if (cpython !== undefined) return `cp${cpython}`;
  return pypy === undefined ? stable : `pp${pypy}`;
}

function isModule({ path, elf }: ElfMember): boolean {
  return elf.pythonModule || pythonOf(path) !== undefined;
}
