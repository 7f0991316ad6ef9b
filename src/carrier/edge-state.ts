/** What a disk says of an edge. Anybody may have written it: at worst too much is carried, or too little, which the line then brings. */
import { type EdgeReport, edgeReportText } from '../follow/edge-report.ts';
import { isSha256, keptFields } from '../io/kept-fields.ts';
import type { CarrierDisk } from './carrier-disk.ts';
import { EDGE_FILES } from './layout.ts';

/** In bytes: of 100,000 files. */
const STATE_LIMIT = 8 * 1024 * 1024;

export interface EdgeState {
  /** Of the centre that it follows. */
  site: string;
  repository: string;
  /** Of the head that was unpacked last. */
  counter: number;
  /** Sha256 of all that it has of what its catalogue names. */
  has: ReadonlySet<string>;
}

/** Undefined where it tells nothing. @throws {KhoError} READ */
export function readEdgeState(disk: CarrierDisk, edge: string): EdgeState | undefined {
  const { site, repository, counter, has } = keptFields(textOf(disk, edge, EDGE_FILES.state));
  if (typeof site !== 'string' || typeof repository !== 'string' || !Number.isSafeInteger(counter)) return undefined;
  if (!Array.isArray(has)) return undefined;
  return { site, repository, counter: counter as number, has: new Set(has.filter(isSha256)) };
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
  return disk.read(edge, name, STATE_LIMIT)?.toString('utf8') ?? '';
}
