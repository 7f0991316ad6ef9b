/**
 * `SITE/edges/NAME.json`: what sites that follow this one have, as `kho pull --report` tells it and a disk carries it. Whoever may write there
 * can keep files from going, and nothing else; what cannot be read stops whoever asks, since what it names could go.
 */
import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { namesIn, readStart } from '../io/open-file.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { EDGES_FOLDER, readEdgeReport } from '../sync-format/edge-report.ts';

/** Sha256 of all files that some edge has. @throws {KhoError} READ */
export function readEdgeReports(root: string): { sha256s: Set<string>; files: string[] } {
  const folder = join(root, EDGES_FOLDER);
  const files = namesOf(folder).map((name) => join(folder, name));
  const sha256s = new Set<string>();
  for (const path of files) for (const sha256 of hashesIn(path)) sha256s.add(sha256);
  return { sha256s, files };
}

function namesOf(folder: string): string[] {
  try {
    return namesIn(folder)
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .sort();
  } catch (cause) {
    throw notRead(folder, 'it cannot be opened', cause);
  }
}

function hashesIn(path: string): string[] {
  const { edgeReportBytes: most } = TEXT_LIMITS;
  let bytes: Buffer;
  try {
    bytes = readStart(path, most + 1);
  } catch (cause) {
    throw notRead(path, 'it cannot be opened', cause);
  }
  if (bytes.length > most) throw notRead(path, `it has more than ${most} bytes`);
  const report = readEdgeReport(bytes.toString('utf8'));
  if (!report) throw notRead(path, 'it is not what kho pull --report prints');
  return report.has;
}

function notRead(path: string, why: string, cause?: unknown): KhoError {
  return new KhoError('READ', `Cannot read what an edge has, "${path}": ${why}`, {
    ...(cause !== undefined && { cause }),
    hint: 'bring it anew, or delete it: what it names could go then',
  });
}
