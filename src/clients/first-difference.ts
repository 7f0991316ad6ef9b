import { quoted } from '../standards/quoted.ts';

/** Where two values of JSON differ first, in words that go on after the name of what holds `actual`. Undefined when nowhere. */
export function firstDifference(actual: unknown, expected: unknown, place = ''): string | undefined {
  if (isRecord(actual) && isRecord(expected) && Array.isArray(actual) === Array.isArray(expected)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const inner = Array.isArray(expected) ? `${place}[${key}]` : place === '' ? key : `${place}.${key}`;
      const difference = firstDifference(ownValue(actual, key), ownValue(expected, key), inner);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (Object.is(actual, expected)) return undefined;
  if (actual === undefined) return `lacks ${place}`;
  if (expected === undefined) return `has ${place}, which should not be there`;
  return `says ${place === '' ? '' : `${place} is `}${shownValue(actual)} instead of ${shownValue(expected)}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function ownValue(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function shownValue(value: unknown): string {
  return typeof value === 'string' ? quoted(value) : isRecord(value) ? 'something' : String(value);
}
