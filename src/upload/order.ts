import type { Token } from '../access/token.ts';
import type { LearnedFile } from '../inspect/learned-files.ts';
import type { NormalizedName } from '../standards/name.ts';

/** What came of a file, whole. */
export type ReceivedContent =
  /** In memory that nobody else has: it goes to whoever takes it in. */
  | { bytes: Uint8Array<ArrayBuffer> }
  /** On the disk, flushed: `part` in `folder`, one of kho's own that nobody else may look into, absolute. What is in it may go. */
  | { folder: string; part: string };

/** A file that was received whole, and is to be taken in. */
export interface UploadOrder {
  content: ReceivedContent;
  /** As the client says. Anything may stand in it. */
  filename: string;
  /** Of what was received, hexadecimal. */
  sha256: string;
  /** By name; absent: whichever the file belongs into. */
  repository?: string;
  token: Token;
  /** Of the client, for the record. */
  address: string;
  userAgent?: string;
  /** What the form says the file has. */
  said: { sha256: readonly string[]; md5: readonly string[] };
  /** As they came. */
  attestations?: string;
  signature?: Uint8Array;
}

/** Where a file stands now. */
export interface TakenPlace {
  /** The name of the repository. */
  repository: string;
  /** From its packages/. */
  path: string;
  /** What was read of it, if it came there just now. */
  known?: LearnedFile;
}

interface TakenFile {
  project: NormalizedName;
  version: string;
  sha256: string;
  /** In bytes. */
  size: number;
  places: TakenPlace[];
  /** Clients find it by now; else that is to be looked at. */
  isListed?: true;
  /** Whole sentences: what else is worth knowing. */
  notes: string[];
}

/** Why a file was not taken: another try with the same file gives the same, but for `trouble`. */
export type RefusalKind =
  /** Something is wrong with the file, or with what the form says of it. */
  | 'bad'
  /** Other bytes have its name. */
  | 'exists'
  /** The token is not for this. */
  | 'forbidden'
  /** There is no room. */
  | 'full'
  /** The site itself cannot be written now. */
  | 'trouble';

export interface UploadRefusal {
  is: 'refused';
  why: RefusalKind;
  /** Sentences, the first of which says most. */
  text: string;
  /** For the record, where that says more than whoever uploads is to know. */
  reason?: string;
  project?: NormalizedName;
}

export type UploadOutcome =
  | (TakenFile & { is: 'taken' })
  /** All of its places had these bytes already. */
  | (TakenFile & { is: 'same' })
  | UploadRefusal;
