/** Which name a wheel ought to bear. */
import { parseWheelFilename } from '../wheel-filename.ts';
import type { BinaryFacts } from './binary-facts.ts';
import { judgeTag } from './judge-tag.ts';
import { unknownTags } from './known-tags.ts';
import { isNewer, parsePlatformTag } from './platform-tag.ts';
import { truestTag } from './truest-tag.ts';

export type RetagPlan =
  /** It gets this name, and these platform tags; `assumedMusl` when nothing tells for which musl it was built. */
  | { is: 'new name'; filename: string; platform: string; assumedMusl?: string }
  /** Its name is as true as it can be. */
  | { is: 'true already' }
  /** There is no truer name. In words that follow the file's name; no full stop. */
  | { is: 'no better name'; why: string; hint: string };

const NO_OUTSIDE = 'auditwheel repair can put such libraries into the wheel; else it has to keep its name';

/**
 * @param musl the version of musl to name it for, `1.1`; what its name says, else 1.2, when left out
 * @throws {FormatError} for what is no wheel's name
 */
export function planRetag(filename: string, binaries: BinaryFacts | undefined, musl?: string): RetagPlan {
  const tags = parseWheelFilename(filename);
  const unknown = unknownTags(tags, binaries);
  if (unknown) return planKnown(filename, `${tags.python}-${tags.abi}-${tags.platform}`, unknown.meant, binaries);
  const untied = binaries && judgeTag(binaries, tags.platform).find((fault) => fault.untied !== undefined);
  if (untied && binaries.modules)
    return none(untied.what, 'name it for the machines and Pythons that its modules are for, unless it can do without');
  const { platform } = tags;
  const platformTags = platform.split('.').map(parsePlatformTag);
  const isForLinux = platformTags.some(({ family }) => ['linux', 'manylinux', 'musllinux'].includes(family));
  const isVague = platformTags.some(({ family }) => family === 'linux');
  const lies = binaries !== undefined && judgeTag(binaries, platform).some(({ lie }) => lie);
  if (!isForLinux || (!isVague && !lies)) return { is: 'true already' };
  if (!binaries) {
    const hint = 'a wheel without binaries is best built as py3-none-any';
    return none('holds no binaries that would tell for which Linux it is', hint);
  }
  if (binaries.unexamined !== undefined) {
    return none(`cannot be named for what is in it: kho did not examine ${binaries.unexamined}`);
  }
  if (binaries.libc === 'both') return none('has parts for glibc and for musl, which no machine has both');
  if (binaries.outside !== undefined) {
    const needed = inWords(binaries.outside);
    return none(`needs ${needed}, which no tag but linux_* allows to be missing in it`, NO_OUTSIDE);
  }
  if (binaries.privateGlibc) {
    return none(
      'asks for GLIBC_PRIVATE, which no tag but linux_* allows',
      'build it again without a copy of a library of glibc',
    );
  }
  const wanted = truestTag(binaries, platform, musl);
  if (wanted === undefined || parsePlatformTag(wanted.split('.')[0] as string).family === 'linux') {
    return none(`is for ${binaries.architectures[0] ?? 'an unknown machine'}, for which there is no tag but linux_*`);
  }
  const forMusl = wanted
    .split('.')
    .map(parsePlatformTag)
    .find(({ family }) => family === 'musllinux');
  if (forMusl && 'version' in forMusl && isTooOld(forMusl.version, binaries.muslFloor)) {
    return none(`needs musl ${binaries.muslFloor}, and cannot be named for ${forMusl.version}`, 'name it for 1.2');
  }
  const named = platformTags.some(({ family }) => family === 'musllinux');
  return {
    is: 'new name',
    filename: `${filename.slice(0, filename.lastIndexOf('-'))}-${wanted}.whl`,
    platform: wanted,
    ...(forMusl && 'version' in forMusl && musl === undefined && !named && { assumedMusl: forMusl.version }),
  };
}

/** For a name with a tag that no installer has: what is in it tells which is meant, or nothing does. */
function planKnown(
  filename: string,
  tag: string,
  meant: string | undefined,
  binaries: BinaryFacts | undefined,
): RetagPlan {
  const why = `has the tag "${tag}", which no installer has`;
  if (meant === undefined) return none(why, 'give it the name that its build tool gave it');
  const renamed = `${filename.slice(0, -`${tag}.whl`.length)}${meant}.whl`;
  const platform = meant.slice(meant.lastIndexOf('-') + 1);
  const isTold =
    platform === 'any'
      ? binaries === undefined
      : binaries !== undefined && !judgeTag(binaries, platform).some(({ lie }) => lie);
  return isTold ? { is: 'new name', filename: renamed, platform } : none(why, `did you mean "${renamed}"?`);
}

/** A tag has no third number: `1.2` may be any of them. */
function isTooOld(version: string, floor: string | undefined): boolean {
  return floor !== undefined && isNewer(floor, version) && !floor.startsWith(`${version}.`);
}

function none(why: string, hint = 'build it again for one kind of machine'): RetagPlan {
  return { is: 'no better name', why, hint };
}

function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
