/**
 * Version constraints as Poetry writes them: beside those of Python's standard `^1.2`, `~1.2`, `1.2`, `1.*`, and `||` between
 * alternatives.
 *
 * Source: Poetry's documentation, "Dependency specification".
 */
import { parseMarker } from '../standards/marker.ts';
import { isValidSpecifierSet, specifierSetContains } from '../standards/specifier.ts';

/** One of these specifier sets has to take a version; undefined for what cannot be read. */
export function specifierSetsOf(constraint: string): string[] | undefined {
  const sets = constraint
    .split('||')
    .flatMap((part) => part.split('|'))
    .map(specifierSetOf);
  return sets.every((set) => set !== undefined) ? sets : undefined;
}

/** What cannot be read, allows anything. */
export function poetryAllows(constraint: string, version: string): boolean {
  const sets = specifierSetsOf(constraint);
  return sets === undefined || sets.some((set) => specifierSetContains(set, version));
}

/** As a marker, of a constraint on Python; undefined when any will do. */
export function pythonMarkerOf(constraint: string) {
  const sets = specifierSetsOf(constraint);
  if (sets === undefined || sets.includes('')) return undefined;
  const alternatives = sets.map((set) => {
    const parts = set.split(',').map((part) => {
      const [, operator = '==', version = ''] = /^([~=!<>]+)([^~=!<>].*)?$/s.exec(part) ?? [];
      return `python_full_version ${operator} "${version}"`;
    });
    return `(${parts.join(' and ')})`;
  });
  return parseMarker(alternatives.join(' or '));
}

function specifierSetOf(text: string): string | undefined {
  // Between parts may stand white space alone, and after an operator too.
  const parts = text
    .replace(/([~=!<>^])[ \t]+/g, '$1')
    .split(/[\s,]+/)
    .filter((part) => part !== '' && part !== '*');
  const specifiers = parts.flatMap(specifiersOf).join(',');
  return isValidSpecifierSet(specifiers) ? specifiers : undefined;
}

function specifiersOf(part: string): string[] {
  const [, operator = '', version = ''] = /^(\^|~(?!=))?(.*)$/.exec(part) ?? [];
  if (operator !== '') return [`>=${version}`, `<${nextAfter(version, operator === '^')}`];
  if (/^[~=!<>]/.test(part)) return [part.replace(/^=(?!=)/, '==')];
  return [`==${version.replace(/^v/i, '').replace(/\.[xX*]$/, '.*')}`];
}

/** `^` keeps the first part that is not 0, `~` the second: the version that is too high. */
function nextAfter(version: string, isCaret: boolean): string {
  const release = (/^[vV]?(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? '').split('.').map(Number);
  const firstNot0 = release.findIndex((part) => part !== 0);
  const kept = isCaret ? (firstNot0 < 0 ? release.length - 1 : firstNot0) : Math.min(1, release.length - 1);
  return release
    .map((part, index) => (index === kept ? part + 1 : part))
    .slice(0, kept + 1)
    .join('.');
}
