/**
 * Files of other indexes that are kept, and that may not come in as things stand now: no page lists them, but a web server sends what lies
 * there to whoever knows its address. They go, rather than aside: what is let in again is brought again.
 */
import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { removeFile } from '../io/disk.ts';
import { keptFiles, keptProjects } from '../kept-upstream/kept-packages.ts';
import { readKeptPage } from '../kept-upstream/kept-page.ts';
import { keptProjectFolder, packageOf, type UpstreamPlace } from '../kept-upstream/kept-places.ts';
import { appendEvents, type LogEvent } from '../log/append-event.ts';
import { judgeUpstream } from '../policy/judge-upstream.ts';
import { type Policy, refusalWords, type UpstreamRefusal } from '../policy/policy.ts';
import { versionOfFile } from '../standards/version-of-file.ts';
import type { UpstreamFile, UpstreamPage } from '../upstream-model.ts';
import type { Admission } from './admission.ts';

/** Of one project; plain data, for another thread. */
export interface RefusalOrder {
  root: string;
  of: UpstreamPlace;
  policy: Policy;
  /** Milliseconds since 1970. */
  nowMs: number;
}

type Refused = readonly { file: Pick<UpstreamFile, 'filename'>; why: UpstreamRefusal }[];

/** @returns how many files went, metadata too. @throws {KhoError} READ, SITE, WRITE */
export function removeRefused({ root, of, policy, nowMs }: RefusalOrder): number {
  const kept = keptFiles(root, of);
  if (kept.length === 0) return 0;
  const page = readKeptPage(root, of)?.page;
  const listed = new Set(page?.files.map(({ filename }) => filename));
  // What no page tells of any longer: its name tells the version, and nothing how old it is.
  const unlisted = kept.filter((name) => packageOf(name) === name && !listed.has(name));
  const { cooldownMs: _, ...ageless } = policy;
  const files = unlisted.map((filename) => {
    const version = versionOfFile(filename, of.project);
    return { filename, ...(version !== undefined && { version }) };
  });
  return removeKept(root, { ...of, ...(page?.status && { status: page.status }) }, kept, [
    ...(page ? judgeUpstream(page, policy, nowMs).refused : []),
    ...judgeUpstream({ files }, ageless, nowMs).refused,
  ]);
}

/**
 * As `removeRefused`, for who has judged. What goes is in the log first.
 *
 * @param of with the status of its page
 * @param kept names of what is there
 */
export function removeKept(
  root: string,
  of: Pick<UpstreamPage, 'upstream' | 'project' | 'status'>,
  kept: Iterable<string>,
  refused: Refused,
): number {
  const isTakenDown = of.status === 'quarantined';
  if (refused.length === 0 && !isTakenDown) return 0;
  const why = new Map<string, UpstreamRefusal | 'quarantined'>(refused.map((one) => [one.file.filename, one.why]));
  if (isTakenDown) for (const name of kept) if (!why.has(packageOf(name))) why.set(packageOf(name), 'quarantined');
  const going = [...kept].filter((name) => why.has(packageOf(name))).sort();
  const events = going.flatMap((name): Omit<LogEvent, 'time'>[] => {
    const refusal = packageOf(name) === name ? why.get(name) : undefined;
    if (!refusal) return []; // metadata, which goes with its file
    const words = refusal === 'quarantined' ? `is in quarantine at "${of.upstream}"` : refusalWords(refusal);
    const event = refusal !== 'quarantined' && refusal.kind === 'malware' ? ('malware' as const) : ('cleared' as const);
    return [{ event, file: name, project: of.project, reason: `removed what was kept: it ${words}` }];
  });
  appendEvents(root, events);
  for (const name of going) removeFile(join(keptProjectFolder(root, of), name));
  return going.length;
}

/**
 * All that is kept of upstreams that kho.toml names.
 *
 * @param remove does the work of one project: pages of several megabytes are read
 * @throws {KhoError} as `Admission.policyFor` and `removeRefused`
 */
export async function removeAllRefused(
  { root, upstreams }: SiteConfig,
  admission: Pick<Admission, 'policyFor'>,
  nowMs: number,
  remove: (order: RefusalOrder) => number | Promise<number> = removeRefused,
): Promise<number> {
  let gone = 0;
  for (const upstream of upstreams.keys()) {
    for (const project of keptProjects(root, upstream)) {
      const policy = admission.policyFor(upstream, project);
      gone += await remove({ root, of: { upstream, project }, policy, nowMs });
    }
  }
  return gone;
}
