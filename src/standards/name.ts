/**
 * Names of projects.
 *
 * Source: PyPA "Names and normalization" (PEP 503, PEP 508).
 */
import { FormatError } from '../problems.ts';
import { quoted } from './quoted.ts';

/** A project's name as URLs and comparisons use it: lower case, words joined by single dashes. Made by `normalizeName` only. */
export type NormalizedName = string & { readonly __brand: 'NormalizedName' };

const VALID_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const ALREADY_NORMALIZED = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** @throws {FormatError} `bad-filename` when the text is no valid name: it would be no safe folder name either. */
export function normalizeName(text: string): NormalizedName {
  if (ALREADY_NORMALIZED.test(text)) return text as NormalizedName;
  if (!VALID_NAME.test(text)) {
    throw new FormatError(
      'bad-filename',
      `${quoted(text)} is no valid project name: it may hold only letters, digits and . _ -, and must start and end with a letter or digit`,
    );
  }
  return foldName(text) as NormalizedName;
}

/** All spellings of a name as one, also of what is no valid name: of an extra (PEP 685), or of the start of a file's name. */
export function foldName(text: string): string {
  return text.replace(/[-_.]+/g, '-').toLowerCase();
}
