/** What a look at a published site brought up. */
import { withoutCredentials } from '../standards/without-credentials.ts';

/** Each has its entry in docs/doctor.md; a test compares the two. In the order in which they are looked at. */
export const CHECKS = {
  reachable: 'the index answers',
  tls: 'the connection is safe',
  unknown: 'a project that is not there is 404',
  slash: 'an address without its slash leads to the one with it',
  spelling: 'other spellings of a name lead to the project',
  'double-slash': 'doubled slashes lead to the project',
  json: 'clients that ask for JSON get it',
  html: 'all others get HTML',
  vary: 'caches are told that there are two forms',
  etag: 'a page that a client knows is not sent again',
  fresh: 'caches ask whether a page has changed',
  same: 'both forms say the same',
  files: 'links lead to the files that they promise',
  encoding: 'files come as they are',
  ranges: 'files can be read in pieces',
  metadata: 'metadata is there, and is what the index promises',
  'json-api': "PyPI's JSON API is JSON",
  hidden: 'what is not published cannot be read',
  private: 'what is private needs a token',
  folders: 'folders show nothing',
  cors: 'browsers may read the index',
  uploads: 'uploads get through to kho',
} as const;

/** What is looked at in the folders of a site, on its machine. In docs/doctor.md too. */
export const FOLDER_CHECKS = {
  writers: 'nobody but its owner may change the site',
  'web-server': 'the web server may change nothing',
  configurations: 'configurations by kho config are of the form of today',
} as const;

/** What is looked at in a bucket, `kho doctor s3://…`. In docs/doctor.md too. */
export const BUCKET_CHECKS = {
  bucket: 'the bucket can be read and written',
  kept: 'what is said of an object is kept',
  listed: 'what is there is listed',
  creates: 'of many who create an object, one does',
  swaps: 'of many who change an object, one does',
  verified: 'other bytes than announced are refused',
  hashes: 'the store tells a hash of what it has',
  parts: 'big files go in parts',
  removes: 'many objects are removed at once',
  missing: 'what is not there is 404',
  public: 'everybody can read, and not list',
  'slash-keys': 'addresses that end in a slash have an answer',
} as const;

export type BucketCheckName = keyof typeof BUCKET_CHECKS;

/** Why all other checks of a bucket are not made. */
export const NO_BUCKET = 'the bucket cannot be used';

export type CheckName = keyof typeof CHECKS;

export interface Finding {
  check: CheckName | keyof typeof FOLDER_CHECKS | BucketCheckName;
  /** `note`: works, and could be better. */
  result: 'fine' | 'note' | 'failed' | 'not looked at';
  /** What is wrong, where, or why nobody looked; in one line, no full stop. Absent when all is fine. */
  what?: string;
  /** What to change; several lines where it is configuration. */
  hint?: string;
}

/** Thrown by a check that cannot go on, since what it found makes the rest of it meaningless. Addresses in it lose their passwords, whoever wrote them. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly isNote: boolean;
  /** Where more is known than which check failed. */
  readonly hint: string | undefined;

  constructor(what: string, options: { isNote?: boolean; hint?: string | undefined } = {}) {
    super(withoutCredentials(what));
    this.isNote = options.isNote ?? false;
    this.hint = options.hint;
  }
}

/** Thrown by a check that has nothing to look at. */
export class NothingToSee extends Error {
  override readonly name = 'NothingToSee';
}
