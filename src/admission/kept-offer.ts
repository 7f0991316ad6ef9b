/** What a repository passes on of another index, as far as a page of it is kept here, and what it leaves out. Nobody is asked. */
import type { RepositoryConfig, SiteConfig, UpstreamSettings } from '../config/site-config.ts';
import { isAskedFor } from '../config/upstream-settings.ts';
import { keptFilesOrNone } from '../kept-upstream/kept-packages.ts';
import { readKeptHeader, readKeptPage } from '../kept-upstream/kept-page.ts';
import { judgeUpstream } from '../policy/judge-upstream.ts';
import type { WhyLeftOut } from '../policy/left-out.ts';
import type { Policy } from '../policy/policy.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { UpstreamFile, UpstreamPage } from '../upstream-model.ts';
import type { Admission } from './admission.ts';
import { isLost, whyNoPlace } from './standing.ts';

export interface KeptOffer {
  /** Before files of the site take the place of some. */
  listed: UpstreamFile[];
  leftOut: { file: UpstreamFile; why: WhyLeftOut }[];
  /** Since when the index has it no more, milliseconds since 1970: then all that is listed counts as yanked. */
  goneMs?: number;
  /** When it may come out otherwise because time has passed, in milliseconds since 1970. */
  changesAtMs?: number;
}

/** Upstreams that a repository asks for a project, in their order, and the first of which a page is kept: that one has it wholly. */
export function keptUpstreamOf(
  { root, upstreams }: Pick<SiteConfig, 'root' | 'upstreams'>,
  repository: RepositoryConfig,
  project: NormalizedName,
): { asked: UpstreamSettings[]; kept: UpstreamSettings | undefined } {
  const settings = (repository.upstreams ?? []).flatMap((name) => upstreams.get(name) ?? []);
  const asked = settings.filter((each) => isAskedFor(each, project));
  const isKept = (upstream: UpstreamSettings) => {
    const header = readKeptHeader(root, { upstream: upstream.name, project });
    const hasFiles = () => keptFilesOrNone(root, { upstream: upstream.name, project }).length > 0;
    return header !== undefined && !isLost(header, upstream, hasFiles);
  };
  return { asked, kept: asked.find(isKept) };
}

/**
 * Files of which nobody tells when they were published, and that no client was shown yet, count from when the page came.
 *
 * @param nowMs milliseconds since 1970
 * @returns undefined where no page is kept
 * @throws {KhoError} READ where nobody can tell what is malware: then nothing is listed
 */
export function keptOffer(
  root: string,
  upstream: UpstreamSettings,
  project: NormalizedName,
  admission: Pick<Admission, 'policyFor'>,
  nowMs: number,
): KeptOffer | undefined {
  const kept = readKeptPage(root, { upstream: upstream.name, project });
  if (!kept) return undefined;
  const { page, header } = kept;
  const { goneMs } = header;
  const fate = { ...(goneMs !== undefined && { goneMs }), atHand: new Set(keptFilesOrNone(root, page)) };
  const judgement = judgeFrom(page, admission.policyFor(upstream.name, project), header.changedMs, nowMs);
  const { changesAtMs } = judgement;
  const listed: UpstreamFile[] = [];
  const leftOut: KeptOffer['leftOut'] = [...judgement.refused];
  for (const file of judgement.listed) {
    const why = whyNoPlace(file, page, fate, upstream);
    if (why) leftOut.push({ file, why });
    else listed.push(file);
  }
  return {
    ...{ listed, leftOut },
    ...(goneMs !== undefined && { goneMs }),
    ...(changesAtMs !== undefined && { changesAtMs }),
  };
}

function judgeFrom(page: UpstreamPage, policy: Policy, cameMs: number, nowMs: number) {
  const judgement = judgeUpstream(page, policy, nowMs);
  if (judgement.unseen.length === 0) return judgement;
  const seen = judgement.unseen.map((key): [string, number] => [key, cameMs]);
  return judgeUpstream(page, { ...policy, firstSeen: new Map([...(policy.firstSeen ?? []), ...seen]) }, nowMs);
}
