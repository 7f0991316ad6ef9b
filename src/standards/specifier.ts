/**
 * Version specifiers: `>=3.8,!=3.9.*`.
 *
 * Source: PyPA "Version specifiers" (PEP 440), where it is vague as the Python library `packaging` reads it.
 */
import { FormatError } from '../problems.ts';
import { quoted } from './quoted.ts';
import { parseVersion } from './version.ts';
import type { ParsedVersion } from './version-key.ts';
import { keyOf } from './version-key.ts';
import { stripWhiteSpace } from './white-space.ts';

export function isValidSpecifierSet(text: string): boolean {
  return parseSpecifierSet(text) !== undefined;
}

/**
 * Whether a version satisfies all specifiers of a set; the empty set takes any. A legacy version satisfies
 * only `===` with the same text.
 *
 * @param options.prereleases false leaves out pre-releases. By default they count like any other version, as
 *   PEP 440 wants it where there is no other version to choose.
 * @throws {FormatError} `bad-metadata` when the text is no specifier set. (Installers take a Requires-Python
 *   that they cannot read for one that any Python satisfies.)
 */
export function specifierSetContains(text: string, version: string, options: { prereleases?: boolean } = {}): boolean {
  const specifiers = parseSpecifierSet(text);
  if (!specifiers) throw new FormatError('bad-metadata', `${quoted(text)} is no valid version specifier`);
  const parsed = parseVersion(version);
  if (options.prereleases === false && (parsed?.pre || parsed?.dev !== undefined)) return false;
  return specifiers.every((specifier) =>
    specifier.operator === '==='
      ? specifier.text === version.toLowerCase()
      : parsed !== undefined && matches(specifier, parsed),
  );
}

type Operator = '~=' | '==' | '!=' | '<=' | '>=' | '<' | '>';

interface ComparingSpecifier {
  operator: Operator;
  version: ParsedVersion;
  /** `==1.2.*`: only the release counts, as far as it goes. */
  wildcard: boolean;
}

/** `===`: equal as text, without regard to case. */
interface IdentitySpecifier {
  operator: '===';
  text: string;
}

function parseSpecifierSet(text: string): (ComparingSpecifier | IdentitySpecifier)[] | undefined {
  const specifiers: (ComparingSpecifier | IdentitySpecifier)[] = [];
  for (const part of text.split(',').map(stripWhiteSpace)) {
    if (part === '') continue;
    const specifier = parseSpecifier(part);
    if (!specifier) return undefined;
    specifiers.push(specifier);
  }
  return specifiers;
}

function parseSpecifier(part: string): ComparingSpecifier | IdentitySpecifier | undefined {
  const operator = /^(?:===|[~=!<>]=|[<>])/.exec(part)?.[0] as Operator | '===' | undefined;
  if (operator === undefined) return undefined;
  const text = stripWhiteSpace(part.slice(operator.length));
  if (operator === '===') return /[\s\x1c-\x1f\x85;)]/.test(text) ? undefined : { operator, text: text.toLowerCase() };

  const wildcard = text.endsWith('.*');
  const versionText = wildcard ? text.slice(0, -2) : text;
  const version = parseVersion(versionText);
  if (!version || versionText !== stripWhiteSpace(versionText)) return undefined;
  const { release, pre, post, dev, local } = version;
  const equality = operator === '==' || operator === '!=';
  if (wildcard && (!equality || pre || post !== undefined || dev !== undefined || local !== undefined))
    return undefined;
  if (local !== undefined && !equality) return undefined;
  if (operator === '~=' && !release.includes('.')) return undefined;
  return { operator, version, wildcard };
}

function matches({ operator, version, wildcard }: ComparingSpecifier, candidate: ParsedVersion): boolean {
  switch (operator) {
    case '==':
      return isEqual(candidate, version, wildcard);
    case '!=':
      return !isEqual(candidate, version, wildcard);
    case '>=':
      return keyOf(candidate) >= keyOf(version);
    case '<=':
      return keyOf(withoutLocal(candidate)) <= keyOf(version);
    case '<':
      return isBelow(candidate, version);
    case '>':
      return isAbove(candidate, version);
    case '~=':
      return (
        keyOf(candidate) >= keyOf(version) && hasPrefix(candidate, version, version.release.split('.').slice(0, -1))
      );
  }
}

function isEqual(candidate: ParsedVersion, version: ParsedVersion, wildcard: boolean): boolean {
  if (wildcard) return hasPrefix(candidate, version, version.release.split('.'));
  return keyOf(version.local === undefined ? withoutLocal(candidate) : candidate) === keyOf(version);
}

/** `<1.0` leaves out the pre-releases of 1.0 too, unless it names one itself. */
function isBelow(candidate: ParsedVersion, version: ParsedVersion): boolean {
  const namesPrerelease = version.pre !== undefined || version.dev !== undefined;
  return keyOf(candidate) < keyOf(namesPrerelease ? version : { ...version, dev: '0' });
}

/** `>1.0` leaves out the post-releases of 1.0 too, unless it names one itself, and always its local versions. */
function isAbove(candidate: ParsedVersion, version: ParsedVersion): boolean {
  if (keyOf(withoutLocal(candidate)) <= keyOf(version)) return false;
  if (version.post !== undefined || version.dev !== undefined) return true;
  return keyOf(withoutSuffix(candidate)) !== keyOf(version);
}

/** Whether the release starts so; what a release does not have is 0. */
function hasPrefix(candidate: ParsedVersion, { epoch }: ParsedVersion, prefix: string[]): boolean {
  const release = candidate.release.split('.');
  return candidate.epoch === epoch && prefix.every((part, index) => part === (release[index] ?? '0'));
}

function withoutLocal({ local: _, ...version }: ParsedVersion): ParsedVersion {
  return version;
}

function withoutSuffix({ post: _post, dev: _dev, local: _local, ...version }: ParsedVersion): ParsedVersion {
  return version;
}
