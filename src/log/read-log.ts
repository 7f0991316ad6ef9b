import { join } from 'node:path';
import { keptFields } from '../io/kept-fields.ts';
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

const EVENT_NAMES: ReadonlySet<unknown> = new Set(LOG_EVENTS);

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
    const readable = events.filter((event) => event !== undefined);
    yield { events: readable, damaged: damaged + Number(isTorn) + (events.length - readable.length) };
  }
}

/** Of its files, the oldest first. @throws {KhoError} SITE; an error of Node */
export function logNames(root: string): string[] {
  return hasKeptFolder(root) ? logFiles(namesIn(keptFolder(root))) : [];
}

/** In bytes. @throws as `logNames` */
export function logSize(root: string): number {
  return logNames(root).reduce((sum, name) => sum + (look(join(keptFolder(root), name))?.size ?? 0), 0);
}

function parseEvent(line: string): LogEvent | undefined {
  const event = keptFields(line) as Partial<LogEvent>;
  return typeof event.time === 'string' && EVENT_NAMES.has(event.event) ? (event as LogEvent) : undefined;
}
