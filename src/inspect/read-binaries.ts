/** The programs and libraries in a wheel, read for what they need of the machine. */
import { type Member, shownPath } from '../formats/archive-member.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { ELF_MAGIC, readElf } from '../formats/elf.ts';
import type { ZipEntry } from '../formats/zip.ts';
import { type InflateBudget, memberSource, startOf } from '../formats/zip-member-source.ts';
import { FormatError } from '../problems.ts';
import type { BinaryFacts, ElfMember } from '../standards/platforms/binary-facts.ts';
import { gatherFacts } from '../standards/platforms/gather-facts.ts';
import { isKnownPlatform } from '../standards/platforms/known-tags.ts';
import { architecturesIn, parsePlatformTag } from '../standards/platforms/platform-tag.ts';

/**
 * What may be unpacked of one wheel to look for binaries: four times what the biggest wheels hold, and of a small one so many times its
 * size (libraries unpack to some three times), so that a few kilobytes cannot ask for minutes of work. In bytes.
 */
const UNPACKED_LIMIT = 4 * 1024 ** 3;
const UNPACKED_ANYWAY = 256 * 1024 ** 2;
const UNPACKED_FACTOR = 64;
/** A file below this size, in bytes, has no room for the headers of a library. */
const LEAST_ELF = 84;
/** Names of text that Python and people read: nothing loads a program from them, and looking into each would cost more than all else. */
const TEXT =
  /\.(?:py|pyi|pyc|pyx|pxd|pxi|txt|md|rst|json|ya?ml|toml|cfg|ini|h|hh|hpp|hxx|cuh|inl|c|cc|cpp|cu|js|mjs|ts|map|css|html?|svg|xml|csv|png|gif|jpe?g|ttf|woff2?|po|mo)$|\.dist-info\/(?:METADATA|WHEEL|RECORD)$/i;
/** By its name a library: no need to look at its start first. */
const LIBRARY = /\.so(?:\.[\d.]+)?$/;
/** So many members that could not be examined are named. */
const MORE_KEPT = 20;
const NOTHING_READ: BinaryFacts = { libc: 'neutral', architectures: [], evidence: {} };

/**
 * `quick` reads only the first pages of members that tell enough there: the same facts at a tenth of the cost. `whole` reads every
 * member as loaders do, for who wants to see each.
 */
export type ReadingDepth = 'quick' | 'whole';

/** What is kept of a wheel's binaries, and each of them for who wants to see it. */
export interface Binaries {
  /** Undefined when there are none that a Linux with Python loads. */
  facts: BinaryFacts | undefined;
  /** In the order of the archive. */
  members: ElfMember[];
}

/**
 * @param members of the wheel, as its directory lists them
 * @param platform the wheel's platform tags as its name has them; a wheel for another system than Linux is not looked into
 */
export async function readBinaries(
  source: ByteSource,
  members: readonly ZipEntry[],
  platform: string,
  depth: ReadingDepth = 'whole',
): Promise<Binaries> {
  const found: ElfMember[] = [];
  // A tag that no installer has tells nothing of the system.
  if (
    platform.split('.').every((tag) => parsePlatformTag(tag).family === 'other' && isKnownPlatform(tag.toLowerCase()))
  ) {
    return { facts: undefined, members: found };
  }
  // Only the end of a file for ARM says for which version it is: what is named for ARMv7 counts as such.
  const canBeQuick = depth === 'quick' && !architecturesIn(platform).some((name) => /^armv[56]/.test(name));
  const budget: InflateBudget = {
    left: Math.min(UNPACKED_LIMIT, UNPACKED_ANYWAY + UNPACKED_FACTOR * source.size),
  };
  const faults: string[] = [];
  for (const entry of members) {
    if (!mayBeElf(entry)) continue;
    try {
      const member = await readMember(source, entry, budget, canBeQuick);
      if (member === undefined) continue;
      found.push(member);
      const { kind, fault } = member.elf;
      if (fault !== undefined && kind !== 'other')
        faults.push(`the ${fault} of ${shownPath(entry.path)}, which cannot be read`);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const isSpent = error.code === 'too-big';
      faults.push(isSpent ? 'all of it: more is in it than kho unpacks' : `a member: it ${error.message}`);
      if (isSpent) break;
    }
  }
  const facts = gatherFacts(found, pathsOf(members), platform);
  // A library's own name looks like one that it needs, until it is read whole.
  if (facts?.outside && found.some(({ elf }) => elf.quick)) return readBinaries(source, members, platform, 'whole');
  if (faults.length === 0) return { facts, members: found };
  const unexamined = faults.slice(0, MORE_KEPT).join('; ');
  return { facts: { ...(facts ?? NOTHING_READ), unexamined }, members: found };
}

function mayBeElf({ kind, size, path }: Member): boolean {
  return kind === 'file' && size >= LEAST_ELF && !TEXT.test(path) && !path.includes('.dist-info/');
}

async function readMember(
  source: ByteSource,
  entry: ZipEntry,
  budget: InflateBudget,
  canBeQuick: boolean,
): Promise<ElfMember | undefined> {
  const { path } = entry;
  if (!LIBRARY.test(path) && !isElf(await startOf(source, entry, ELF_MAGIC.length, budget))) return undefined;
  const member = await memberSource(source, entry, budget);
  try {
    const elf = await readElf(member, canBeQuick ? await member.front() : undefined);
    return elf && { path, elf };
  } finally {
    await member.close();
  }
}

function isElf(start: Buffer): boolean {
  return start.toString('latin1') === ELF_MAGIC;
}

function* pathsOf(members: readonly Member[]): Generator<string> {
  for (const { path } of members) yield path;
}
