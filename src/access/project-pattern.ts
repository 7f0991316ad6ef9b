/** Which projects a token, or a rule, is for: names, with `*` for any characters. Spelled as names are: `Farm_*` is `farm-*`. */
import { KhoError } from '../errors.ts';
import { foldName } from '../standards/name.ts';
import { quoted } from '../standards/quoted.ts';

const VALID = /^[A-Za-z0-9*][A-Za-z0-9._*-]*$/;

/** In characters. */
const LONGEST = 200;

/** @throws {KhoError} USAGE for what no name can match */
export function projectPattern(text: string): string {
  const pattern = foldName(text);
  if (text.length <= LONGEST && VALID.test(text) && !pattern.endsWith('-')) return pattern;
  throw new KhoError(
    'USAGE',
    `Cannot use ${quoted(text)} for names of projects: it may hold letters, digits, . _ - and *`,
    {
      hint: 'name a project, or several by their start, as in "farm-*" (in quotes, for the shell)',
    },
  );
}
