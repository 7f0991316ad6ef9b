/** Advisories as they are kept: a line for each project, with what is needed and no more. PyPI's come to a twentieth of their export. */
import type { Advisory } from '../standards/osv/advisory.ts';
import type { AffectedRange } from '../standards/osv/ranges.ts';
import { LEVELS, type Level } from '../standards/osv/severity.ts';

/** `[from]`, `[from, before]` or `[from, 0, last]`. */
type PackedRange = [from: string, before?: string | 0, last?: string];

type PackedAdvisory = [
  id: string,
  aliases: string[],
  severity: Level | string | 0,
  summary: string,
  ranges: PackedRange[],
  versions: string[],
];

export function packAdvisory({ id, aliases, level, severity, summary, ranges, versions }: Advisory): string {
  const packed: PackedAdvisory = [id, aliases, level ?? severity ?? 0, summary, ranges.map(packRange), versions];
  return JSON.stringify(packed);
}

/** @param line the list of a project, as it was put together of `packAdvisory`. @throws {Error} for what kho did not write */
export function unpackAdvisories(line: string): Advisory[] {
  return (JSON.parse(line) as PackedAdvisory[]).map(([id, aliases, severity, summary, ranges, versions]) => ({
    ...{ id, aliases, summary, versions, ranges: ranges.map(unpackRange) },
    ...(isLevel(severity) ? { level: severity } : severity !== 0 && { severity }),
  }));
}

function isLevel(severity: string | 0): severity is Level {
  return (LEVELS as readonly unknown[]).includes(severity);
}

function packRange({ from, before, last }: AffectedRange): PackedRange {
  return before !== undefined ? [from, before] : last !== undefined ? [from, 0, last] : [from];
}

function unpackRange([from, before, last]: PackedRange): AffectedRange {
  return { from, ...(typeof before === 'string' && { before }), ...(last !== undefined && { last }) };
}
