import { FormatError } from '../problems.ts';
import { fileKind } from '../scan/file-kinds.ts';
import { withoutTokens } from '../standards/access-token.ts';

/** What a name of a file may be made of, so that it names a file and nothing else, on a disk and in an address. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9_.!+-]*$/;

/** In bytes; more than this leaves no room for `.metadata` and its like. */
const LONGEST = 240;

/** What the file holds has to say the rest. @throws {FormatError} for what is no name of a wheel or sdist */
export function checkUploadName(filename: string): void {
  if (filename === '') throw new FormatError('bad-filename', 'has no name: the part "content" has to name its file');
  const kind = fileKind(filename);
  if (kind.is === 'unsupported') {
    throw new FormatError('unsupported', 'is of a kind that pip and its peers no longer install');
  }
  if (!PLAIN.test(filename))
    throw new FormatError('bad-filename', 'may have only letters, digits and _ . ! + - in its name');
  if (filename.length > LONGEST)
    throw new FormatError('too-long-name', `has a name of more than ${LONGEST} characters`);
  if (withoutTokens(filename, true) !== filename)
    throw new FormatError('bad-filename', 'has what looks like a token in its name, which would be told to everybody');
  if (kind.is !== 'package') throw new FormatError('not-a-package', 'is neither a wheel nor an sdist');
}
