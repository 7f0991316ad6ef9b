/** Values of lock files, which may be anything: what is not as it should be is left out, or refused with its place. */
import type { TomlNode } from '../config/read-toml.ts';
import { FormatError } from '../problems.ts';
import { type Marker, parseMarker } from '../standards/marker.ts';
import { type NormalizedName, normalizeName } from '../standards/name.ts';
import { quoted } from '../standards/quoted.ts';

export type Values = Readonly<Record<string, unknown>>;

/** Tables as objects, lists as arrays; numbers and dates, which nobody asks for, are undefined. */
export function plainToml(node: TomlNode): unknown {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'true or false':
      return node.isTrue;
    case 'list':
      return node.items.map(plainToml);
    case 'table': {
      const table: Record<string, unknown> = Object.create(null);
      for (const [key, entry] of node.entries) table[key] = plainToml(entry.node);
      return table;
    }
    default:
      return undefined;
  }
}

export function tableOf(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {};
}

export function tablesOf(value: unknown): Values[] {
  return Array.isArray(value) ? value.map(tableOf) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** @throws {FormatError} `bad-metadata` */
export function nameOf(value: unknown): NormalizedName {
  if (typeof value !== 'string') throw new FormatError('bad-metadata', 'It has a package without a name');
  try {
    return normalizeName(value);
  } catch {
    throw new FormatError('bad-metadata', `It has a package of the name ${quoted(value)}, which is none`);
  }
}

export function markerOf(value: unknown): Marker | undefined {
  return typeof value === 'string' && value.trim() !== '' ? parseMarker(value) : undefined;
}

/** Of `sha256:…`; undefined when there are none, so that any file will do. */
export function sha256sOf(hashes: readonly unknown[]): ReadonlySet<string> | undefined {
  const found = hashes.flatMap((hash) =>
    typeof hash === 'string' ? (/^(?:sha256:)?([0-9a-f]{64})$/.exec(hash)?.[1] ?? []) : [],
  );
  return found.length > 0 && found.length === hashes.length ? new Set(found) : undefined;
}

/** Whether an index is asked over the network: a folder of files beside the lock is none. */
export function isIndexAddress(value: unknown): boolean {
  return typeof value === 'string' && /^https?:/i.test(value);
}
