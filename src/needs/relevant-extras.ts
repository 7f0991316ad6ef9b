import { type Marker, normalizeExtra } from '../standards/marker.ts';

/** Of a marker that asks for more than whether an extra has a name: so many are tried. */
const TRIED = 200;

/**
 * Those extras for which a marker may hold, or may not: all that it names, and one that it does not, which stands for all
 * others. A package with thousands of extras and of requirements would else have each compared with each.
 *
 * @param extras normalized
 */
export function relevantExtras(marker: Marker, extras: ReadonlySet<string>): string[] {
  const named = new Set<string>();
  if (!collectNamed(marker, named)) return [...extras].slice(0, TRIED);
  const relevant = [...named].filter((name) => extras.has(name));
  for (const extra of extras) {
    if (named.has(extra)) continue;
    relevant.push(extra);
    break;
  }
  return relevant;
}

/** @returns false where it does more than to compare extras with names */
function collectNamed(marker: Marker, named: Set<string>): boolean {
  if (marker.type !== 'comparison') return marker.parts.every((part) => collectNamed(part, named));
  const { left, operator, right } = marker;
  const isExtra = (operand: typeof left) => operand.isVariable && operand.text === 'extra';
  if (!isExtra(left) && !isExtra(right)) return true;
  if (operator !== '==' && operator !== '!=') return false;
  named.add(normalizeExtra((isExtra(left) ? right : left).text));
  return true;
}
