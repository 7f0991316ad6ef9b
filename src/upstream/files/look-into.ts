/** A file that has arrived is opened: what its name says of it, and what it holds. */
import { isForSomeMachines } from '../../catalog/judge-file.ts';
import { inspectFile } from '../../inspect/inspect-file.ts';
import type { FileStamp } from '../../io/file-stamp.ts';
import { FormatError, problemOf } from '../../problems.ts';
import type { BinaryFacts } from '../../standards/platforms/binary-facts.ts';
import { judgeTag } from '../../standards/platforms/judge-tag.ts';
import { platformTagsOf } from '../../standards/platforms/wheel-platforms.ts';

export interface ArrivedFile {
  /** Absolute. */
  path: string;
  stamp: FileStamp;
  filename: string;
  sha256: string;
}

export interface ArrivedFacts {
  metadata?: Uint8Array;
  /** Its name lies about what is in it; in words that follow its name. */
  lie?: { code: string; what: string };
  /** Where its tags do not keep what they promise: whether that matters to a repository, depends on its machines. */
  binaries?: BinaryFacts;
}

/** Of what may be wrong with a file, this only keeps clients from getting it: they judge the rest by themselves, as with its own index. */
const LIES: ReadonlySet<string> = new Set(['name-mismatch', 'version-mismatch']);

export async function lookInto({ path, stamp, filename, sha256 }: ArrivedFile): Promise<ArrivedFacts> {
  try {
    const { facts, metadataBytes } = await inspectFile(path, stamp, { knownSha256: sha256, filename });
    const { kind, binaries } = facts;
    const lies =
      binaries &&
      isForSomeMachines(filename) &&
      judgeTag(binaries, platformTagsOf(filename)).some((fault) => fault.lie);
    return { ...(kind === 'wheel' && { metadata: metadataBytes }), ...(lies && { binaries }) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const { code, what } = problemOf(error, filename);
    return LIES.has(code) ? { lie: { code, what } } : {};
  }
}
