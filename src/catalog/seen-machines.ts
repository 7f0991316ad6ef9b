/** Which machines the files of a repository are for, as far as their names and what is inside tell. */
import type { Libc } from '../standards/platforms/binary-facts.ts';
import { readArchitecture } from '../standards/platforms/platform.ts';
import { pythonSeries } from '../standards/platforms/target-machine.ts';
import { parseWheelFilename, type WheelFilename } from '../standards/wheel-filename.ts';
import type { Project } from './model.ts';

/** Python series that wheels of these projects name, `3.9` first; what is for any Python names none. */
export function seenPythons(projects: readonly Project[]): string[] {
  const minors = new Set<string>();
  for (const { python, abi } of wheelsOf(projects)) {
    for (const tag of python.split('.')) {
      const minor = /^cp3(\d+)$/.exec(tag)?.[1];
      const threaded = abi.split('.').some((part) => /^cp3\d+t$/.test(part));
      if (minor !== undefined)
        minors.add(pythonSeries({ minor: Number(minor), written: '', ...(threaded && { freeThreaded: true }) }));
    }
  }
  return [...minors].sort(
    (a, b) => Number.parseInt(a.slice(2), 10) - Number.parseInt(b.slice(2), 10) || (a < b ? -1 : 1),
  );
}

/** Platforms that wheels of these projects name, sorted. A `linux_*` tag tells no libc: where nothing else does, it is both. */
export function seenPlatforms(projects: readonly Project[]): string[] {
  const platforms = new Set<string>();
  for (const project of projects) {
    for (const file of project.releases.flatMap((release) => release.files)) {
      if (file.kind !== 'wheel') continue;
      const libc = file.binaries?.libc;
      for (const tag of parseWheelFilename(file.filename).platform.toLowerCase().split('.')) {
        for (const platform of platformsOfTag(tag, libc)) platforms.add(platform);
      }
    }
  }
  return [...platforms].sort();
}

const TAG = /^(manylinux|musllinux|linux|macosx|win)(?:1|2010|2014|_\d+_\d+)?_(\w+)$/;

function platformsOfTag(tag: string, libc: Libc | undefined): string[] {
  if (tag === 'win32') return ['windows-x86'];
  const [, family, architecture] = TAG.exec(tag) ?? [];
  if (architecture !== undefined && isMisspelt(architecture, family)) return [];
  switch (family) {
    case 'manylinux':
      return [`glibc-${architecture}`];
    case 'musllinux':
      return [`musl-${architecture}`];
    case 'linux':
      if (libc === 'glibc' || libc === 'musl') return [`${libc}-${architecture}`];
      return [`glibc-${architecture}`, `musl-${architecture}`];
    case 'macosx':
      return architecture === 'universal2' ? ['macos-arm64', 'macos-x86_64'] : [`macos-${architecture}`];
    case 'win':
      return [`windows-${architecture}`];
    default:
      return [];
  }
}

/** No machine takes `linux_amd64`. */
function isMisspelt(architecture: string, family: string | undefined): boolean {
  const libcMachine = family?.endsWith('linux') ? readArchitecture(architecture, 'glibc') : undefined;
  return libcMachine !== undefined && libcMachine !== architecture;
}

function wheelsOf(projects: readonly Project[]): WheelFilename[] {
  return projects.flatMap(({ releases }) =>
    releases.flatMap(({ files }) =>
      files.filter(({ kind }) => kind === 'wheel').map(({ filename }) => parseWheelFilename(filename)),
    ),
  );
}
