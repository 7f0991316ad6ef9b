/** On which platforms a wheel runs: by the tags in its name and, where those leave it open, by what is in it. */
import { LINUX_ARCHITECTURES, macArchitecturesOf, WINDOWS_ARCHITECTURES } from './architectures.ts';
import type { BinaryFacts } from './binary-facts.ts';
import type { Platform, System } from './platform.ts';
import { isNewer, parsePlatformTag } from './platform-tag.ts';

export interface WheelPlatform {
  system: System;
  architecture: string;
  /** The oldest glibc or musl that it runs with, `2.17`: what its tag and its binaries ask for; absent when neither says it. */
  libc?: string;
}

/** By tag. */
const WINDOWS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(WINDOWS_ARCHITECTURES).map(([architecture, { tag }]) => [tag, architecture]),
);

/**
 * @param tags the platform part of a wheel's name, which may be a compressed set
 * @returns `any` for a pure wheel; nothing for systems that kho knows no platform for
 */
export function wheelPlatforms(tags: string, binaries: BinaryFacts | undefined): 'any' | WheelPlatform[] {
  if (tags === 'any') return 'any';
  const all = tags.toLowerCase().split('.');
  return all.includes('any') ? 'any' : all.flatMap((tag) => ofTag(tag, binaries));
}

/** The platform part of a wheel's name. */
export function platformTagsOf(filename: string): string {
  return filename.slice(filename.lastIndexOf('-') + 1, -'.whl'.length);
}

/** Whether machines of that platform take the wheel and can run it, as far as their libc is new enough. */
export function isFor({ system, architecture }: Platform, wheel: WheelPlatform): boolean {
  if (system !== wheel.system) return false;
  if (architecture === undefined || architecture === wheel.architecture) return true;
  return LINUX_ARCHITECTURES[architecture]?.alsoRuns?.includes(wheel.architecture) === true;
}

function ofTag(tag: string, binaries: BinaryFacts | undefined): WheelPlatform[] {
  const read = parsePlatformTag(tag);
  switch (read.family) {
    case 'any':
      return [];
    case 'linux':
      return ofLinux(read.architecture, binaries);
    case 'manylinux':
      return [withLibc('glibc', read.architecture, highest(read.version, binaries?.glibcFloor))];
    case 'musllinux':
      return [withLibc('musl', read.architecture, highest(read.version, binaries?.muslFloor))];
    case 'other':
      return ofOther(tag);
  }
}

/** The name tells the machine, the binaries tell the libc; without any, it runs with each. */
function ofLinux(architecture: string, binaries: BinaryFacts | undefined): WheelPlatform[] {
  if (binaries?.libc === 'both' || binaries?.architectures[0] === 'armel') return []; // no platform is for soft float
  const platforms: WheelPlatform[] = [];
  if (binaries?.libc !== 'musl') platforms.push(withLibc('glibc', architecture, binaries?.glibcFloor));
  if (binaries?.libc !== 'glibc') platforms.push(withLibc('musl', architecture, binaries?.muslFloor));
  return platforms;
}

function ofOther(tag: string): WheelPlatform[] {
  const windows = WINDOWS[tag];
  if (windows !== undefined) return [{ system: 'windows', architecture: windows }];
  const [, mac] = /^macosx_\d+_\d+_(\w+)$/.exec(tag) ?? [];
  if (mac === undefined) return [];
  return macArchitecturesOf(mac).map((architecture) => ({ system: 'macos', architecture }));
}

function withLibc(system: System, architecture: string, libc: string | undefined): WheelPlatform {
  return { system, architecture, ...(libc !== undefined && { libc }) };
}

function highest(version: string, other: string | undefined): string {
  return other !== undefined && isNewer(other, version) ? other : version;
}
