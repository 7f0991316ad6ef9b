/** What is not well with a site. Pure: told the time, it tells the same of the same. */
import { DEFAULT_KEEP_FREE } from '../config/site-config.ts';
import { followFindings } from './follow-status.ts';
import type { SiteState } from './site-status.ts';
import type { StatusFinding } from './status-finding.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What came is published within seconds; what is uploaded for so long, or waits for cron, is no fault yet. */
const WAITING_MS = 10 * MINUTE_MS;

/** A service writes its note once a minute; on another machine that is all that can be known of it. */
const SILENT_MS = 10 * MINUTE_MS;

/** The lock is held for moments; by the first build of a large site for minutes. */
const LOCKED_MS = 15 * MINUTE_MS;

/** A fault that the next try mends is none. */
const FAULT_MS = MINUTE_MS;

/** In bytes: a build has hardly room to write its pages. */
const NO_ROOM = 100 * 1024 * 1024;

/** Of PyPI's some change each day. */
const OLD_ADVISORIES_MS = 14 * DAY_MS;

/** Who signs by hand does not do so each hour. */
const UNSIGNED_MS = DAY_MS;

const EXPIRES_SOON_MS = 14 * DAY_MS;

/** A limit is kept by whole files, and by the next build. */
const SLACK = 1.1;

/** Those of the worst kind first. @param keepFree in bytes */
export function findingsOf(status: SiteState, now: number, keepFree = DEFAULT_KEEP_FREE): StatusFinding[] {
  return [
    ...ofService(status, now),
    ...ofUpstreams(status),
    ...ofBucket(status, now),
    ...ofLock(status, now),
    ...ofWaiting(status, now),
    ...ofRoom(status, keepFree),
    ...ofStores(status),
    ...ofAdvisories(status, now),
    ...followFindings(status.following, now),
    ...ofSigning(status, now),
    ...ofTokens(status, now),
  ].sort((a, b) => Number(b.level === 'stuck') - Number(a.level === 'stuck'));
}

function ofService({ service }: SiteState, now: number): StatusFinding[] {
  if (!service) return [];
  const { command, pid, host, isAlive, fault, stalled, unit, seen } = service;
  const again = unit === undefined ? 'start it again' : `start it again: systemctl restart ${unit}`;
  if (isAlive === false) {
    const what = `kho ${command} (process ${pid}) ended without a word, after ${seen}: nothing publishes what comes`;
    return [{ level: 'stuck', what, hint: 'start it again, and look into its log' }];
  }
  if (isAlive === undefined && since(seen, now) > SILENT_MS) {
    const what = `kho ${command} on ${host} has written nothing here since ${seen}`;
    return [{ level: 'look', what, hint: `look on ${host} whether it runs` }];
  }
  if (stalled !== undefined) {
    const what = `the build of kho ${command} has made no progress since ${stalled}: nothing new is published`;
    return [{ level: 'stuck', what, hint: `look at the disks of the packages; then ${again}` }];
  }
  if (fault && since(fault.since, now) > FAULT_MS) {
    const what = `kho ${command} has published nothing since ${fault.since}: ${fault.message}`;
    return [{ level: 'stuck', what, hint: fault.hint ?? 'mend that; it tries again every few seconds' }];
  }
  return [];
}

function ofUpstreams({ service }: SiteState): StatusFinding[] {
  return (service?.failing ?? []).map(({ upstream, message, since }) => ({
    level: 'look',
    what: `the upstream "${upstream}" has not answered since ${since}: ${message}`,
    hint: 'what is kept of it is served meanwhile, and the rest is 503: look whether this machine reaches it',
  }));
}

function ofBucket({ service }: SiteState, now: number): StatusFinding[] {
  const { name, fault } = service?.bucket ?? {};
  if (!fault || since(fault.since, now) <= FAULT_MS) return [];
  const what = `nothing new has come to ${name} since ${fault.since}: ${fault.message}`;
  return [{ level: 'stuck', what, hint: fault.hint ?? 'mend that; kho tries again every few minutes' }];
}

function ofLock({ lock }: SiteState, now: number): StatusFinding[] {
  if (!lock || lock.isDead || since(lock.since, now) <= LOCKED_MS) return [];
  const what = `process ${lock.pid} on ${lock.host} has kept others from publishing since ${lock.since}`;
  return [{ level: 'stuck', what, hint: 'look what it does; once it ends, the others go on' }];
}

function ofWaiting({ waiting, service, publishedMs }: SiteState, now: number): StatusFinding[] {
  if (publishedMs === undefined) return []; // to another folder, or not yet
  const { sinceMs, files } = waiting;
  if (sinceMs !== undefined && now - sinceMs > WAITING_MS) {
    const wait = files === 1 ? 'a file waits' : `${files} files wait`;
    const what = `${wait} to be published, since ${new Date(sinceMs).toISOString()}`;
    return service?.isAlive === true
      ? [{ level: 'stuck', what, hint: `look into the log of kho ${service.command}` }]
      : [{ level: 'look', what, hint: 'type kho build, or let kho watch do it' }];
  }
  if (!waiting.hasOtherSettings) return [];
  return [{ level: 'look', what: 'kho.toml says something else than what is published', hint: 'type kho build' }];
}

function ofRoom({ freeBytes }: SiteState, keepFree: number): StatusFinding[] {
  const hint = 'make room: kho prune tells which old versions may go, kho prune --empty-trash what is in the trash';
  if (freeBytes < NO_ROOM)
    return [{ level: 'stuck', what: `the disk is full: ${inMegabytes(freeBytes)} are left`, hint }];
  if (freeBytes >= keepFree) return [];
  const what = `the disk has ${inMegabytes(freeBytes)} left, and uploads are refused below ${inMegabytes(keepFree)}`;
  return [{ level: 'look', what, hint }];
}

function ofStores({ stores }: SiteState): StatusFinding[] {
  return stores.flatMap(({ name, bytes, limit }): StatusFinding[] => {
    if (name === 'log' || bytes === undefined || limit === undefined || bytes <= SLACK * limit) return []; // the log is cut by files of 16 MiB
    const what = `${name} has ${inMegabytes(bytes)}, and limits.${name} is ${inMegabytes(limit)}`;
    return [{ level: 'look', what, hint: 'kho may not delete there, or nothing was built since: type kho build' }];
  });
}

function ofAdvisories({ advisories }: SiteState, now: number): StatusFinding[] {
  if (!advisories) return [];
  const { from, newest, hasUpstreams } = advisories;
  if (newest === undefined) {
    const what = `the advisories in "${from}" were never read${hasUpstreams ? ': nothing of another index is listed' : ''}`;
    return [
      { level: hasUpstreams ? 'stuck' : 'look', what, hint: 'put a whole file of OSV there; "kho audit" reads it' },
    ];
  }
  if (newest === '' || since(newest, now) <= OLD_ADVISORIES_MS) return [];
  const what = `the newest of the advisories in "${from}" is of ${newest.slice(0, 10)}`;
  return [{ level: 'look', what, hint: 'bring a newer file of them' }];
}

function ofSigning({ toSign }: SiteState, now: number): StatusFinding[] {
  return toSign.flatMap(({ repository, since: made }): StatusFinding[] => {
    if (since(made, now) <= UNSIGNED_MS) return [];
    const what = `the head of "${repository}" has waited to be signed since ${made}: who follows gets the one before it`;
    return [{ level: 'look', what, hint: 'type kho sign, or look whether its timer runs' }];
  });
}

function ofTokens({ tokens }: SiteState, now: number): StatusFinding[] {
  if (!tokens) return [];
  const findings: StatusFinding[] = [];
  if (tokens.damaged > 0) {
    const lines = tokens.damaged === 1 ? 'a line' : `${tokens.damaged} lines`;
    const hint = 'make those tokens anew, or put the file back from a backup';
    findings.push({ level: 'look', what: `${lines} of kho.tokens cannot be read, and lets nobody in`, hint });
  }
  for (const { name, expiresMs, madeMs } of tokens.tokens) {
    const isReplaced = tokens.tokens.some((other) => other.name === name && other.madeMs > madeMs);
    if (expiresMs === undefined || isReplaced || expiresMs - now > EXPIRES_SOON_MS) continue;
    const day = new Date(expiresMs).toISOString().slice(0, 10);
    const what = expiresMs <= now ? `the token "${name}" expired on ${day}` : `the token "${name}" expires on ${day}`;
    findings.push({ level: 'look', what, hint: `kho token rotate ${name}, or kho token remove ${name}` });
  }
  return findings;
}

function since(time: string, now: number): number {
  return now - Date.parse(time);
}

function inMegabytes(bytes: number): string {
  return `${Math.max(0, Math.round(bytes / 1e6)).toLocaleString('en')} MB`;
}
