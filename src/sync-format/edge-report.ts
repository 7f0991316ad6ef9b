/**
 * What a site that follows a centre has of it: `kho pull --report` prints it, a disk carries it (`state.json`), and at the centre it lies in
 * `edges/`. Anybody may have written it.
 */
import { isSha256 } from '../standards/sha256.ts';
import { fieldsOf, isCount } from './fields.ts';

export interface EdgeReport {
  /** Of the centre that it follows. */
  site: string;
  repository: string;
  /** Of the head that it saw last. */
  counter: number;
  /** Sha256 of all that it has of what its catalogue names, in order. */
  has: string[];
}

/** Of the site that is followed: whatever stands in it as `NAME.json`. */
export const EDGES_FOLDER = 'edges';

/** Where the centre keeps what an edge told over HTTP: by the name of its token, which has no `@`, and for each repository that it follows. */
export function edgeFile(token: string, repository: string): string {
  return `${EDGES_FOLDER}/${token}@${repository}.json`;
}

const FORMAT = 1;

/** @param told ISO 8601: told, never compared. @param edge its name, where it has one */
export function edgeReportText({ site, repository, counter, has }: EdgeReport, told: string, edge?: string): string {
  return `${JSON.stringify({ format: FORMAT, edge, site, repository, counter, told, has }, undefined, 1)}\n`;
}

/** Undefined for what is none. */
export function readEdgeReport(text: string): EdgeReport | undefined {
  try {
    const { format, site, repository, counter, has } = fieldsOf(text, (why) => new SyntaxError(why));
    if (format !== FORMAT || typeof site !== 'string' || typeof repository !== 'string') return undefined;
    if (!isCount(counter) || !Array.isArray(has) || !has.every(isSha256)) return undefined;
    return { site, repository, counter, has };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
