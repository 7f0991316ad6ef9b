/**
 * The tags of wheels that a machine takes, in the order in which pip prefers them.
 *
 * Source: PyPA "Platform compatibility tags" (PEP 425, 513, 571, 599, 600, 656), the order as in the Python library
 * `packaging` from 26.3 on: `linux_<arch>` before manylinux and musllinux.
 */
import { expandTags } from '../tags.ts';
import type { WheelFilename } from '../wheel-filename.ts';
import { LINUX_ARCHITECTURES, MAC_ARCHITECTURES, WINDOWS_ARCHITECTURES } from './architectures.ts';
import type { TargetMachine, TargetPython } from './target-machine.ts';

/** By tag, how far down pip's list it stands: 0 is best. */
export type TagRanks = ReadonlyMap<string, number>;

export function tagRanks(machine: TargetMachine): TagRanks {
  const ranks = new Map<string, number>();
  for (const tag of supportedTags(machine)) if (!ranks.has(tag)) ranks.set(tag, ranks.size);
  return ranks;
}

/** Of a wheel's tags the best one's place; undefined when the machine takes none of them. */
export function wheelRank(ranks: TagRanks, { python, abi, platform }: WheelFilename): number | undefined {
  let best: number | undefined;
  for (const tag of expandTags(python, abi, platform)) {
    const rank = ranks.get(tag);
    if (rank !== undefined && (best === undefined || rank < best)) best = rank;
  }
  return best;
}

/** Best first. */
export function supportedTags({ platform, libcFloor, python }: TargetMachine): string[] {
  const platforms = platformTags(platform, libcFloor);
  const own = `cp3${python.minor}`;
  const stable = python.freeThreaded ? 'abi3t' : 'abi3';
  const tags: string[] = [];
  const add = (interpreter: string, abi: string) => {
    for (const platformTag of platforms) tags.push(`${interpreter}-${abi}-${platformTag}`);
  };
  add(own, abiOf(python));
  if (python.minor >= FIRST_ABI3_MINOR) add(own, stable);
  add(own, 'none');
  for (let minor = python.minor - 1; minor >= FIRST_ABI3_MINOR; minor--) add(`cp3${minor}`, stable);
  const generic = genericPythons(python.minor);
  for (const interpreter of generic) add(interpreter, 'none');
  tags.push(`${own}-none-any`, ...generic.map((interpreter) => `${interpreter}-none-any`));
  return tags;
}

/** PEP 384. */
const FIRST_ABI3_MINOR = 2;

/** Up to Python 3.7 the tag tells the memory allocator too. */
function abiOf({ minor, freeThreaded }: TargetPython): string {
  return `cp3${minor}${freeThreaded ? 't' : ''}${minor < 8 ? 'm' : ''}`;
}

/** `py311`, `py3`, `py310` … `py30`. */
function genericPythons(minor: number): string[] {
  const older = Array.from({ length: minor }, (_, index) => `py3${minor - 1 - index}`);
  return [`py3${minor}`, 'py3', ...older];
}

/** Platform parts of tags, best first. @param floor the machine's libc, `2.31`; the newest when absent */
export function platformTags(platform: string, floor?: string): string[] {
  const dash = platform.indexOf('-');
  const architecture = platform.slice(dash + 1);
  switch (platform.slice(0, dash)) {
    case 'glibc':
      return linuxTags(architecture, (arch) => manylinuxTags(arch, minorOf(floor) ?? NEWEST_GLIBC_MINOR));
    case 'musl':
      return linuxTags(architecture, (arch) => musllinuxTags(arch, minorOf(floor) ?? NEWEST_MUSL_MINOR));
    case 'macos':
      return macTags(architecture, floor);
    case 'windows':
      return [WINDOWS_ARCHITECTURES[architecture]?.tag ?? `win_${architecture}`];
    default:
      return [];
  }
}

/** Newer than any there is: no wheel of today asks for more. */
const NEWEST_GLIBC_MINOR = 60;
const NEWEST_MUSL_MINOR = 2;

function minorOf(version: string | undefined): number | undefined {
  const minor = /^[0-9]+\.([0-9]+)/.exec(version ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor);
}

function linuxTags(architecture: string, versioned: (architecture: string) => string[]): string[] {
  const architectures = [architecture, ...(LINUX_ARCHITECTURES[architecture]?.alsoRuns ?? [])];
  return [...architectures.map((arch) => `linux_${arch}`), ...architectures.flatMap(versioned)];
}

const OLD_NAMES = new Map([
  [17, 'manylinux2014'],
  [12, 'manylinux2010'],
  [5, 'manylinux1'],
]);

function manylinuxTags(architecture: string, newestMinor: number): string[] {
  const oldestMinor = LINUX_ARCHITECTURES[architecture]?.manylinuxFrom;
  if (oldestMinor === undefined) return [];
  const tags: string[] = [];
  for (let minor = newestMinor; minor >= oldestMinor; minor--) {
    tags.push(`manylinux_2_${minor}_${architecture}`);
    const oldName = OLD_NAMES.get(minor);
    if (oldName !== undefined) tags.push(`${oldName}_${architecture}`);
  }
  return tags;
}

function musllinuxTags(architecture: string, newestMinor: number): string[] {
  return Array.from({ length: newestMinor + 1 }, (_, index) => `musllinux_1_${newestMinor - index}_${architecture}`);
}

const NEWEST_MACOS = '26.0';

/** Major versions from 11 on; before, 10.4 to 10.16, where ARM has only what is built for both. */
function macTags(architecture: string, version = NEWEST_MACOS): string[] {
  const formats = MAC_ARCHITECTURES[architecture]?.formats ?? [architecture];
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const tags: string[] = [];
  const add = (release: string, those: readonly string[]) => {
    for (const format of those) tags.push(`macosx_${release}_${format}`);
  };
  for (let release = major; release >= 11; release--) add(`${release}_0`, formats);
  const old = architecture === 'x86_64' ? formats : ['universal2'];
  for (let release = major >= 11 ? 16 : minor; release >= 4; release--) add(`10_${release}`, old);
  return tags;
}
