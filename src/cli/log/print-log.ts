import { KhoError } from '../../errors.ts';
import type { LogEvent } from '../../log/log-files.ts';
import { readLog } from '../../log/read-log.ts';
import { FormatError } from '../../problems.ts';
import { inPlaceTarget } from '../../publish/target.ts';
import { foldName } from '../../standards/name.ts';
import { presumedProjectOfFile } from '../../standards/projects-of-file.ts';
import { quoted } from '../../standards/quoted.ts';
import { counted } from '../amounts.ts';
import { openSite } from '../open-site.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';
import { logLine } from './log-line.ts';

interface LogOptions {
  token?: string | undefined;
  project?: string | undefined;
  since?: string | undefined;
  json?: true | undefined;
}

/** File by file: the record may be longer than memory. */
export async function printLog(site: string | undefined, options: LogOptions): Promise<void> {
  const isWanted = filterOf(options);
  const { config, notes } = await openSite(site, 'reads');
  inPlaceTarget(config);
  if (!options.json) terminal.say(notes.map((note) => `kho: ${note}`));
  let damaged = 0;
  let shown = 0;
  for (const part of readLog(config.root)) {
    damaged += part.damaged;
    const events = part.events.filter(isWanted);
    shown += events.length;
    if (options.json) terminal.stdout(events.map((event) => printableJson(event, 0)).join(''));
    else terminal.print(events.map(logLine));
  }
  if (options.json) return;
  if (shown === 0) terminal.say(['kho: nothing of that is in the log']);
  if (damaged > 0) terminal.say([`kho: ${counted(damaged, 'line')} of the log cannot be read, and are left out`]);
}

function filterOf({ token, project, since }: LogOptions): (event: LogEvent) => boolean {
  if (since !== undefined && !(/^\d{4}-\d\d-\d\d/.test(since) && Number.isFinite(Date.parse(since)))) {
    throw new KhoError('USAGE', `Cannot read ${quoted(since)} as a day`, { hint: 'write it like 2026-11-29' });
  }
  const wanted = project === undefined ? undefined : foldName(project);
  return (event) =>
    (token === undefined || event.who === token || event.token === token) &&
    (wanted === undefined || projectOf(event) === wanted) &&
    (since === undefined || event.time >= since);
}

function projectOf({ project, file }: LogEvent): string | undefined {
  if (project !== undefined || file === undefined) return project;
  try {
    return presumedProjectOfFile(file.slice(file.lastIndexOf('/') + 1));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
