import { join } from 'node:path';
import { hasKeptFolder, keptFolder } from '../io/kept-folder.ts';
import { splitKeptLines } from '../io/kept-lines.ts';
import { look, namesIn, readFile } from '../io/open-file.ts';
import { LOG_EVENTS, type LogEvent, logFiles } from './log-files.ts';

export interface ReadLog {
  /** Lines that cannot be read, so far. */
  damaged: number;
  /** The oldest first. */
  events: LogEvent[];
}

const KNOWN: ReadonlySet<unknown> = new Set(LOG_EVENTS);

/**
 * What the record holds, file by file: it may be long.
 *
 * @throws {KhoError} SITE; an error of Node for a file that may not be read
 */
export function* readLog(root: string): Generator<ReadLog> {
  if (!hasKeptFolder(root)) return;
  const folder = keptFolder(root);
  for (const name of logFiles(namesIn(folder))) {
    const { lines, damaged, isTorn } = splitKeptLines(readFile(join(folder, name)));
    const events = lines.map(parseEvent);
    const known = events.filter((event) => event !== undefined);
    yield { events: known, damaged: damaged + Number(isTorn) + (events.length - known.length) };
  }
}

/** In bytes. */
export function logSize(root: string): number {
  if (!hasKeptFolder(root)) return 0;
  const folder = keptFolder(root);
  return logFiles(namesIn(folder)).reduce((sum, name) => sum + (look(join(folder, name))?.size ?? 0), 0);
}

function parseEvent(line: string): LogEvent | undefined {
  try {
    const event = Object(JSON.parse(line)) as LogEvent;
    return typeof event.time === 'string' && KNOWN.has(event.event) ? event : undefined;
  } catch {
    return undefined;
  }
}
