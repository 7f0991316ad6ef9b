import { makeZip, type ZipMember } from './make-zip.ts';

/** A record of OSV for one project of PyPI. */
export function osvRecord(
  id: string,
  name: string,
  affected: Record<string, unknown>,
  more: Record<string, unknown> = {},
) {
  return {
    ...{ schema_version: '1.7.0', id, modified: '2026-11-01T00:00:00Z', published: '2026-11-01T00:00:00Z' },
    ...{ summary: `What ${id} is about`, affected: [{ package: { ecosystem: 'PyPI', name }, ...affected }], ...more },
  };
}

/** As `affected` of a record has it. */
export function osvRange(...events: Record<string, string>[]) {
  return { ranges: [{ type: 'ECOSYSTEM', events }] };
}

/** An export: a file for each record, named after it. */
export function advisoryMembers(...records: { id: string }[]): ZipMember[] {
  return records.map((record) => ({ path: `${record.id}.json`, bytes: JSON.stringify(record), deflate: true }));
}

export function advisoryZip(...records: { id: string }[]): Uint8Array {
  return makeZip(advisoryMembers(...records));
}
