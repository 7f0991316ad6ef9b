/**
 * What can be wrong with one file, each with the way out. Every code has its entry in docs/problems.md;
 * a test compares the two. The hint is used where the finder of the fault knows no better one.
 */
export const PROBLEM_HINTS = {
  'advisories-not-read': 'put a whole file of OSV there; until then what was read before counts',
  'bad-catalogue': 'ask for it again; if it stays so, build the site that is followed again',
  'bad-filename': 'rename it the way its build tool named it',
  'bad-metadata': 'build the package again with a current build tool',
  'bad-side-file': 'mend the file, or remove it',
  'bad-version': 'give it a version as in PEP 440, and build it again',
  'cannot-install': 'build the package again with a current build tool',
  'changed-while-reading': 'let the upload finish; the next run lists it',
  conflict: 'keep one of them, and remove or rename the others',
  damaged: 'copy the file again',
  empty: 'copy the file again',
  'foreign-page': 'remove or rename it, and kho puts a page of its own there',
  hidden: 'remove one of the two, so that it is clear which one clients get',
  incomplete: 'copy the file again, or wait until its upload is finished',
  'known-malware':
    'look which machines have it; where the advisory is not about your file, say that the name is your own (own in kho.toml)',
  'libc-mixed': 'keep one libc for each repository, or let kho retag name the wheels for what they are',
  'link-outside': 'copy the file to where the link is',
  'listed-upstream':
    'build it with a build number, as in foo-1.0-1-py3-none-any.whl, or a local version; or say that the name is your own (own in kho.toml)',
  'lying-tag': 'build it again, or let kho retag give it a true name',
  'low-tag': 'nothing has to be done; kho retag can give it a true name',
  'metadata-too-big': 'shorten its description, and build it again',
  'name-mismatch': 'rename it the way its build tool named it',
  'names-not-kept': 'let the user that runs kho, and nobody else, write to .kho-keep in the site',
  'needs-newer-libc': 'build it on a system as old as the oldest machine',
  'no-metadata': 'build the package again with a current build tool',
  'not-a-package': 'move it out of packages/',
  'not-an-archive': 'download or build the package again: this is not its content',
  'not-moved': 'let the user that runs kho write to incoming/ and to packages/, or move it by hand',
  'not-readable': 'let the user that runs kho read it',
  'not-readable-by-others': 'let the web server read it (chmod go+r)',
  'not-signed': 'run kho sign, or let a timer do so',
  'not-everywhere': 'build a wheel for each machine, and name it for that',
  'overlapping-members': 'do not trust this file; build the package again',
  'passed-over': 'build the package again with a current build tool',
  'platforms-by-name': 'if that is not meant, say platforms = ["*"] in kho.toml, or what is right',
  'read-only-packages': 'let kho write to this folder, and clients will fetch metadata without the whole wheel',
  refused: 'build it with a new version or build number, or set overwrite = true for this repository in kho.toml',
  'refused-by-some': 'build the package again with a current build tool',
  replaced: 'clients with a lock file will refuse it; a new version number is the safe way',
  retagged: 'the file itself is kept in originals/',
  'too-big': 'split the package',
  'too-long-name': 'shorten the file name by nine bytes or more, to leave room for ".metadata"',
  'too-many-members': 'split the package',
  'two-readings': 'do not trust this file; build the package again',
  undecided: 'move it into packages/ of the repository it is for',
  'unknown-project': 'add its files, or remove it from kho.toml',
  'unsafe-member': 'do not trust this file; build the package again',
  'unknown-tag': 'name it for a tag that installers have',
  unsupported: 'build a wheel of it: no current client installs this kind of file',
  'version-mismatch': 'rename it the way its build tool named it',
  'writable-by-others': 'take their right away, as root',
  'wrong-platform': 'move it to a repository for its platform',
} as const satisfies Record<string, string>;

export type ProblemCode = keyof typeof PROBLEM_HINTS;

/** One file's fault (or a note about it), as data. Never stops the others. */
export interface Problem {
  code: ProblemCode;
  /** From the site's root, with `/`, for example `glibc/packages/sub/README.txt`. */
  file: string;
  /** What is wrong, in one line that reads on after the file's name; no full stop. */
  what: string;
  /** The way out, in one line; no full stop. */
  hint: string;
}

/** What every file of an unpacked project is. */
const FOLDED: ReadonlySet<string> = new Set(['not-a-package', 'unsupported']);

/**
 * The folder of packages/ or incoming/ that says all of a file that is no package, `glibc/packages/project/`: most often a project that was
 * unpacked there. Empty for a file that lies in packages/ itself, and for any other fault.
 */
export function strayFolder({ code, file }: { code: string; file: string }): string {
  if (!FOLDED.has(code)) return '';
  return /^(?:[^/]+\/)?(?:packages|incoming)\/[^/]+\/(?=.)/.exec(file)?.[0] ?? '';
}

/** What is worth knowing of a file that is listed all the same: the same each time that its bytes are read, so it is kept with its facts. */
export interface Doubt {
  code: ProblemCode;
  /** In words that follow the file's name; no full stop. */
  what: string;
}

/** What parsers in standards/ and formats/ throw. inspect/ turns it into a `Problem`; it never reaches the command line. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly code: ProblemCode;
  readonly hint: string;

  constructor(code: ProblemCode, message: string, hint: string = PROBLEM_HINTS[code]) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** As the fault of `file`. @throws whatever is no fault of a file: that is a bug in kho, or stops the run */
export function problemOf(error: unknown, file: string): Problem {
  if (error instanceof FormatError) return { code: error.code, file, what: error.message, hint: error.hint };
  throw error;
}
