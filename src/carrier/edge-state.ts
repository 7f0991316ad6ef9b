/** What a disk says of an edge. Anybody may have written it: at worst too much is carried, or too little, which the line then brings. */
import { keptFields } from '../io/kept-fields.ts';
import { isSha256 } from '../standards/sha256.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { type EdgeReport, edgeReportText, readEdgeReport } from '../sync-format/edge-report.ts';
import type { CarrierDisk } from './carrier-disk.ts';
import { EDGE_FILES } from './layout.ts';

/** Undefined where it tells nothing. @throws {KhoError} READ */
export function readEdgeState(disk: CarrierDisk, edge: string): EdgeReport | undefined {
  return readEdgeReport(textOf(disk, edge, EDGE_FILES.state));
}

/** @param unpacked ISO 8601: told, never compared. @throws {KhoError} WRITE */
export function writeEdgeState(disk: CarrierDisk, edge: string, state: EdgeReport, unpacked: string): void {
  disk.write(edge, EDGE_FILES.state, edgeReportText(state, unpacked, edge));
}

/** The objects that an edge's head needs; none where nobody says. @throws {KhoError} READ */
export function readCarried(disk: CarrierDisk, edge: string): string[] {
  const { objects } = keptFields(textOf(disk, edge, EDGE_FILES.carried));
  return Array.isArray(objects) ? objects.filter(isSha256) : [];
}

/** @throws {KhoError} WRITE */
export function writeCarried(disk: CarrierDisk, edge: string, objects: Iterable<string>): void {
  disk.write(
    edge,
    EDGE_FILES.carried,
    `${JSON.stringify({ format: 1, objects: [...objects].sort() }, undefined, 1)}\n`,
  );
}

function textOf(disk: CarrierDisk, edge: string, name: string): string {
  return disk.read(edge, name, TEXT_LIMITS.edgeReportBytes)?.toString('utf8') ?? '';
}
