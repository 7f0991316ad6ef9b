/**
 * Platforms: what a machine is as far as binaries are concerned, written `<system>-<architecture>` (`musl-x86_64`), or the system
 * alone for all its architectures. No standard has words for this; tags of wheels (platform-tag.ts) are another language.
 */
import { LINUX_ARCHITECTURES, MAC_ARCHITECTURES, otherNames, WINDOWS_ARCHITECTURES } from './architectures.ts';

export type System = 'glibc' | 'musl' | 'macos' | 'windows';

export interface Platform {
  system: System;
  /** Absent: any. */
  architecture?: string;
}

const ARCHITECTURES: Readonly<Record<System, readonly string[]>> = {
  glibc: Object.keys(LINUX_ARCHITECTURES),
  musl: Object.keys(LINUX_ARCHITECTURES),
  macos: Object.keys(MAC_ARCHITECTURES),
  windows: Object.keys(WINDOWS_ARCHITECTURES),
};

/** Other names that people know architectures by. */
const ALSO_CALLED: Readonly<Record<System, Readonly<Record<string, string>>>> = {
  glibc: otherNames(LINUX_ARCHITECTURES, 'also called'),
  musl: otherNames(LINUX_ARCHITECTURES, 'also called'),
  macos: otherNames(MAC_ARCHITECTURES, 'also called'),
  windows: otherNames(WINDOWS_ARCHITECTURES, 'also called'),
};

/** Debian's name for what its glibc runs on. */
const ARMHF: Platform = { system: 'glibc', architecture: 'armv7l' };

/** Everything that may be written for a platform, to suggest from. */
export const PLATFORM_NAMES: readonly string[] = [
  ...Object.entries(ARCHITECTURES).flatMap(([system, all]) => [system, ...all.map((each) => `${system}-${each}`)]),
  'armhf',
];

/** Case does not matter. Undefined for what is no platform. */
export function readPlatform(text: string): Platform | undefined {
  const wanted = text.toLowerCase();
  if (wanted === 'armhf') return ARMHF;
  const [system = '', ...rest] = wanted.split('-');
  if (!Object.hasOwn(ARCHITECTURES, system)) return undefined;
  if (rest.length === 0) return { system: system as System };
  const architecture = readArchitecture(rest.join('-'), system as System);
  return architecture === undefined ? undefined : { system: system as System, architecture };
}

/** By the name that kho gives it; undefined when the system has none like it. */
export function readArchitecture(text: string, system: System): string | undefined {
  if (ARCHITECTURES[system].includes(text)) return text;
  const names = ALSO_CALLED[system];
  return Object.hasOwn(names, text) ? names[text] : undefined;
}

export function architecturesOf(system: System): readonly string[] {
  return ARCHITECTURES[system];
}

export function platformText({ system, architecture }: Platform): string {
  return architecture === undefined ? system : `${system}-${architecture}`;
}

const PURE_NAMES: ReadonlySet<string> = new Set(['common', 'pure', 'noarch']);

/**
 * What a folder's name says of its files: platforms; none, for pure files only; or undefined: nothing. An underscore is as good
 * as the first dash: `musl_x86_64` is meant as `musl-x86_64`.
 */
export function platformsOfName(name: string): Platform[] | undefined {
  if (PURE_NAMES.has(name.toLowerCase())) return [];
  const platform = readPlatform(name) ?? readPlatform(name.replace('_', '-'));
  return platform && [platform];
}
