/** On which machines the wheels of a release run, all of them together. */
import { parseWheelFilename } from '../wheel-filename.ts';
import { macArchitecturesOf } from './architectures.ts';
import type { BinaryFacts } from './binary-facts.ts';
import type { System } from './platform.ts';
import { isNewer, newest } from './platform-tag.ts';
import { wheelPlatforms } from './wheel-platforms.ts';

export interface RunsOn {
  system: System;
  architecture: string;
  /**
   * The oldest glibc, musl or macOS, `2.28`, that runs a wheel for each Python that there are wheels for; absent where no name and no binary
   * tells one.
   */
  oldest?: string;
  /** That there are wheels for, `3.9`, oldest first: `3.9+` where later ones take it too, `PyPy 3.10`; none where any will do. */
  pythons: string[];
}

/** Sorted by system and architecture; nothing of wheels that run on any machine. */
export function runsOn(wheels: readonly { filename: string; binaries?: BinaryFacts }[]): RunsOn[] {
  /** By machine, then by Python: the least that is asked for. */
  const machines = new Map<string, { runs: OnePlatform; byPython: Map<string, string | undefined> }>();
  for (const { filename, binaries } of wheels) {
    const { python, abi, platform } = parseWheelFilename(filename);
    for (const one of platformsOf(platform, binaries)) {
      const { system, architecture, oldest } = one;
      const key = `${system} ${architecture}`;
      const known = machines.get(key) ?? { runs: { system, architecture }, byPython: new Map() };
      machines.set(key, known);
      const tags = `${python}-${abi}`;
      known.byPython.set(tags, known.byPython.has(tags) ? older(known.byPython.get(tags), oldest) : oldest);
    }
  }
  return [...machines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { runs, byPython }]) => {
      const oldest = newest([...byPython.values()]);
      return { ...runs, ...(oldest !== undefined && { oldest }), pythons: pythonsOf([...byPython.keys()]) };
    });
}

/** @param tags `cp39-abi3`, each once */
function pythonsOf(tags: readonly string[]): string[] {
  const named = tags.flatMap((tag) => {
    const [pythons = '', abi = ''] = tag.split('-');
    return pythons.split('.').flatMap((python) => {
      const [, kind, minor] = /^(cp|pp)3(\d{1,3})$/.exec(python) ?? [];
      if (minor === undefined) return [];
      const later = abi === 'abi3' ? '+' : /^cp3\d+t$/.test(abi) ? 't' : '';
      return [{ minor: Number(minor), text: `${kind === 'pp' ? 'PyPy ' : ''}3.${minor}${later}` }];
    });
  });
  const isForAny = tags.some((tag) => /^py[23]/.test(tag));
  if (isForAny) return [];
  return [...new Set(named.sort((a, b) => a.minor - b.minor || (a.text < b.text ? -1 : 1)).map(({ text }) => text))];
}

type OnePlatform = Omit<RunsOn, 'pythons'>;

function platformsOf(tags: string, binaries: BinaryFacts | undefined): OnePlatform[] {
  const platforms = wheelPlatforms(tags, binaries);
  if (platforms === 'any') return [];
  const others = platforms.filter(({ system }) => system !== 'macos');
  return [
    ...others.map(({ libc, ...one }) => ({ ...one, ...(libc !== undefined && { oldest: libc }) })),
    ...tags.split('.').flatMap(macsOf),
  ];
}

function macsOf(tag: string): OnePlatform[] {
  const [, major, minor, format] = /^macosx_(\d{1,4})_(\d{1,4})_(\w+)$/.exec(tag.toLowerCase()) ?? [];
  if (format === undefined) return [];
  // From macOS 11 on the second number says nothing of a release.
  const oldest = Number(major) > 10 ? (major as string) : `${major}.${minor}`;
  return macArchitecturesOf(format).map((architecture) => ({
    ...{ system: 'macos' as const, architecture },
    oldest: architecture === 'arm64' && !isNewer(oldest, '11') ? '11' : oldest, // the first for Apple silicon
  }));
}

/** Of two, one perhaps not known: then nothing is asked for. */
function older(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  return isNewer(a, b) ? b : a;
}
