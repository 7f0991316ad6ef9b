import { familyOf } from './architecture.ts';
import { LINUX_ARCHITECTURES } from './architectures.ts';
import type { BinaryFacts } from './binary-facts.ts';
import { architecturesIn, newest, parsePlatformTag } from './platform-tag.ts';

/** What today's wheels for musl are built with, as long as nobody says otherwise: the wheel does not tell. */
const ASSUMED_MUSL = '1.2';

/**
 * The platform tags that a wheel may bear without a lie. A neutral one gets a set of two.
 *
 * @param platform its tags now: of machines that run it, it keeps the one it is named for
 * @param musl the version to assume for musl; else what its name says, else `1.2`
 * @returns undefined when there is no such tag: parts for both libcs, for soft float, nothing known
 */
export function truestTag(facts: BinaryFacts, platform: string, musl?: string): string | undefined {
  const { libc, architectures, outside, unexamined, privateGlibc, glibcFloor, manylinuxFloor } = facts;
  const [built] = architectures;
  if (libc === 'both' || built === undefined || built === 'armel' || unexamined !== undefined) return undefined;
  const architecture = ownName(built, platform);
  if (outside !== undefined || privateGlibc) return `linux_${architecture}`;
  const tags: string[] = [];
  const oldest = LINUX_ARCHITECTURES[architecture]?.oldestGlibc;
  if (libc !== 'musl' && oldest !== undefined) {
    const floor = newest([oldest, glibcFloor, manylinuxFloor]) ?? oldest;
    tags.push(`manylinux_${underscored(floor)}_${architecture}`);
  }
  if (libc !== 'glibc') {
    tags.push(`musllinux_${underscored(musl ?? promisedMusl(platform) ?? ASSUMED_MUSL)}_${architecture}`);
  }
  return tags.length > 0 ? tags.join('.') : `linux_${architecture}`;
}

/** An ARMv7 machine takes no file that is named armv6l, though it could run it. */
function ownName(architecture: string, platform: string): string {
  if (familyOf(architecture) !== 'arm') return architecture;
  const named = architecturesIn(platform).find((name) => familyOf(name) === 'arm');
  return named !== undefined && named > architecture ? named : architecture;
}

function promisedMusl(platform: string): string | undefined {
  for (const tag of platform.split('.').map(parsePlatformTag)) if (tag.family === 'musllinux') return tag.version;
  return undefined;
}

/** The third number of a version is in no tag. */
function underscored(version: string): string {
  return version.split('.').slice(0, 2).join('_');
}
