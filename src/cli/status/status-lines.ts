import type { FollowStatus } from '../../status/follow-status.ts';
import type { SiteState } from '../../status/site-status.ts';
import type { StatusFinding } from '../../status/status-finding.ts';
import { counted, inBytes, inColumns } from '../amounts.ts';
import { bold, green, type Line, red, yellow } from '../text.ts';

const OWNER_ONLY = 'only the owner of the site may look';

/** As a table: what, and how it is. */
export function statusLines(status: SiteState, now: number): Line[] {
  const { site, publishedMs, repositories, waiting, stores, freeBytes, tokens, advisories, following } = status;
  const published = publishedMs === undefined ? undefined : `${time(publishedMs)}, ${ago(now - publishedMs)}`;
  const rows = [
    ['site', site],
    ['runs', runs(status)],
    ['published', published ?? 'nothing, beside the packages'],
    ...(status.service?.bucket ? [['bucket', bucketState(status.service.bucket, now)]] : []),
    ...(waiting.files > 0 ? [['waiting', counted(waiting.files, 'file')]] : []),
    ...repositories.map(({ name, projects, files, held }) => [
      name,
      `${counted(projects, 'project')}, ${counted(files, 'file')}${held > 0 ? `, ${held} held` : ''}`,
    ]),
    [
      'disk',
      freeBytes === Number.POSITIVE_INFINITY ? 'it does not say how much is free' : `${inBytes(freeBytes)} free`,
    ],
    ...stores.map(({ name, bytes, limit }) => [name, sizeOf(bytes, limit)]),
    ...(advisories ? [['advisories', advisories.newest === undefined ? 'none read' : ageOf(advisories.newest)]] : []),
    ...(following?.repositories ?? []).map((each) => ['follows', followed(each, now)]),
    ...(following && following.partBytes > 0 ? [['on its way', inBytes(following.partBytes)]] : []),
    ['tokens', tokens ? counted(tokens.tokens.length, 'token') : OWNER_ONLY],
  ];
  return inColumns(rows).map(([what = '', how = '']): Line => [bold(what), '  ', how]);
}

function bucketState({ name, pushed }: NonNullable<NonNullable<SiteState['service']>['bucket']>, now: number): string {
  const ms = pushed === undefined ? Number.NaN : Date.parse(pushed);
  return `${name}: ${Number.isNaN(ms) ? 'nothing pushed yet' : `pushed ${ago(now - ms)}`}`;
}

function followed({ into, from, counter, asked, locks }: FollowStatus, now: number): string {
  const whole = locks.filter(({ lacking }) => lacking.length === 0).length;
  const state = counter === undefined ? 'an unknown state' : `counter ${counter}`;
  return `${from} (${into}): ${state}, asked ${ago(now - Date.parse(asked))}, ${whole} of ${counted(locks.length, 'lock file')} whole`;
}

/** @param newest when the newest changed, ISO 8601; empty where none says */
function ageOf(newest: string): string {
  return newest === '' ? 'read' : `the newest of ${newest.slice(0, 10)}`;
}

function sizeOf(bytes: number | undefined, limit: number | undefined): string {
  if (bytes === undefined) return OWNER_ONLY;
  return limit === undefined ? inBytes(bytes) : `${inBytes(bytes)} of ${inBytes(limit)}`;
}

function runs({ service, lock }: SiteState): string {
  const publishing = lock && !lock.isDead ? `; process ${lock.pid} publishes` : '';
  if (!service) return `nothing${publishing}`;
  const { command, pid, host, unit, since, url, isAlive } = service;
  const where = isAlive === undefined ? ` on ${host}` : '';
  const how = isAlive === false ? ', which is dead' : `${url === undefined ? '' : `, at ${url}`}${publishing}`;
  const process = `process ${pid}${where}${unit === undefined ? '' : `, ${unit}`}`;
  return `kho ${command} (${process}) since ${time(Date.parse(since))}${how}`;
}

/** The worst first, and what to do. */
export function findingLines(findings: readonly StatusFinding[]): Line[] {
  if (findings.length === 0) return ['', [green('all is well')]];
  return findings.flatMap(({ level, what, hint }): Line[] => [
    '',
    [level === 'stuck' ? red('stuck') : yellow('look'), ': ', what],
    `  hint: ${hint}`,
  ]);
}

export function statusJson(status: SiteState, findings: readonly StatusFinding[], exitCode: number) {
  const { site, service, lock, publishedMs, repositories, waiting, freeBytes, stores, tokens, advisories } = status;
  const { following } = status;
  return {
    site,
    state: ['well', 'look', 'stuck'][exitCode],
    findings,
    service: service ?? null,
    lock: lock ?? null,
    published: publishedMs === undefined ? null : new Date(publishedMs).toISOString(),
    waiting: {
      files: waiting.files,
      since: waiting.sinceMs === undefined ? null : new Date(waiting.sinceMs).toISOString(),
      otherSettings: waiting.hasOtherSettings,
    },
    repositories,
    freeBytes: Number.isFinite(freeBytes) ? freeBytes : null,
    stores,
    ...(following && { follows: following.repositories, partBytes: following.partBytes }),
    ...(advisories && { advisories: { from: advisories.from, newest: advisories.newest ?? null } }),
    tokens:
      tokens?.tokens.map(({ name, expiresMs }) => ({
        name,
        expires: expiresMs === undefined ? null : new Date(expiresMs).toISOString(),
      })) ?? null,
  };
}

/** `2026-11-29 08:00:12`, in UTC. */
function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

function ago(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  if (minutes < 120) return minutes === 0 ? 'a moment ago' : `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours ago` : `${Math.round(hours / 24)} days ago`;
}
