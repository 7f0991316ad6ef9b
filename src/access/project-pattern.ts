/** Which projects a token, or a rule, is for. */
import { KhoError } from '../errors.ts';
import { PATTERN_CHARACTERS, readProjectPattern } from '../standards/project-pattern.ts';
import { quoted } from '../standards/quoted.ts';

/** @throws {KhoError} USAGE for what no name can match */
export function projectPattern(text: string): string {
  const pattern = readProjectPattern(text);
  if (pattern !== undefined) return pattern;
  throw new KhoError('USAGE', `Cannot use ${quoted(text)} for names of projects: it may hold ${PATTERN_CHARACTERS}`, {
    hint: 'name a project, or several by their start, as in "farm-*" (in quotes, for the shell)',
  });
}
