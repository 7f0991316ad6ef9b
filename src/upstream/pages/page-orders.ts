/**
 * What is done with pages of other indexes in a thread of its own: one of 7 MB takes some hundred milliseconds to read and as long to
 * write down, in which the thread that answers would answer nobody.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type RefusalOrder, removeKept, removeRefused } from '../../admission/remove-refused.ts';
import type { RepositoryRules } from '../../catalog/judge-file.ts';
import type { UpstreamSettings } from '../../config/site-config.ts';
import { NoIndexPage } from '../../fetch/index-page-faults.ts';
import { findUpstream } from '../../fetch/upstream-address.ts';
import { makeFolder } from '../../io/disk.ts';
import { namesIn, readText } from '../../io/open-file.ts';
import { anchor, closeFolders } from '../../io/reach.ts';
import { trustOwnerOf } from '../../io/trusted-owners.ts';
import { putFile } from '../../io/write-file-atomic.ts';
import { growSlowly } from '../../jobs/grow-slowly.ts';
import { tidyWhenQuiet } from '../../jobs/tidy-when-quiet.ts';
import { type KeptHeader, keepPage, type PageValidators, readKeptPage } from '../../kept-upstream/kept-page.ts';
import { keptProjectFolder } from '../../kept-upstream/kept-places.ts';
import { type Judgement, judgeUpstream } from '../../policy/judge-upstream.ts';
import type { Policy } from '../../policy/policy.ts';
import type { NormalizedName } from '../../standards/name.ts';
import { renderProjectDetailHtml } from '../../standards/simple-api/html.ts';
import { serializeProjectDetail } from '../../standards/simple-api/json.ts';
import type { LooseDetail } from '../../standards/simple-api/types.ts';
import type { UpstreamPage } from '../../upstream-model.ts';
import type { ProjectFacts } from '../files/known-facts.ts';
import { believePage } from './believe-page.ts';
import { type AtHandState, keepAtHand, lookAtHand } from './keep-at-hand.ts';
import { LastKept } from './last-kept.ts';
import { mergePage } from './merge-page.ts';
import { type MergedForm, mergedPagePath, packedPagePath } from './merged-places.ts';
import { ownPagePath } from './own-page.ts';
import { withFacts } from './with-facts.ts';

/** Hashes do not shrink, and links do at any level: the best one takes twice as long for 6 % fewer bytes. */
const GZIP_LEVEL = 1;

const lastKept = new LastKept();

/** A page that came: is it one, is it another one than is kept, and may it take its place? */
export interface KeepOrder {
  do: 'keep';
  root: string;
  of: Pick<UpstreamPage, 'upstream' | 'index' | 'project'>;
  bytes: Uint8Array;
  contentType: string;
  /** After redirects. */
  url: string;
  validators: PageValidators;
  nowMs: number;
  /** Of the page that is kept. */
  before?: KeptHeader;
  /** A page that is much poorer came before too: then it is so. */
  isAgreed: boolean;
}

export type KeepOutcome =
  | { is: 'kept' | 'same'; header: KeptHeader }
  /** It lacks most of what the one before had. */
  | { is: 'poorer' }
  /** `why` follows an address. */
  | { is: 'no page'; why: string };

/** The index has the project no more. */
export interface GoneOrder {
  do: 'gone';
  root: string;
  of: Pick<UpstreamPage, 'upstream' | 'project'>;
  nowMs: number;
}

/** Make the page of a repository, from what it has itself and what is kept of the upstream. */
export interface MergeOrder {
  do: 'merge';
  root: string;
  /** Of the repository's pages. */
  folder: string;
  project: NormalizedName;
  repository: RepositoryRules;
  onlyRunnable: boolean;
  upstream: UpstreamSettings;
  /**
   * The page of what is at hand, for web servers, while kho does not run: whether it is to be another one than is there, or it is written,
   * which may take a moment. `none` where only some may read it: nobody could be asked who they are.
   */
  atHand: 'look' | 'keep' | 'none';
  forms: readonly MergedForm[];
  policy: Policy;
  facts: ProjectFacts;
  nowMs: number;
}

export interface MergeOutcome extends Pick<Judgement<unknown>, 'unseen' | 'early' | 'changesAtMs'> {
  files: number;
  /** Files of the upstream behind own ones with other bytes. */
  clashes: string[];
  atHand: AtHandState;
}

/** Which index this machine's own pip would ask: that takes seconds to find out. */
export interface AddressOrder {
  do: 'address';
}

/** Remove what is kept of a project and may not come in any more. */
export interface RefuseOrder extends RefusalOrder {
  do: 'refuse';
}

export type PageOrder = KeepOrder | GoneOrder | MergeOrder | RefuseOrder | AddressOrder;
export type PageOutcome<Order> = Order extends KeepOrder
  ? KeepOutcome
  : Order extends MergeOrder
    ? MergeOutcome | undefined
    : Order extends AddressOrder
      ? string
      : Order extends RefuseOrder
        ? number
        : KeptHeader | undefined;

/** @throws {KhoError} WRITE, SITE; UPSTREAM where no index is known */
export async function runPageOrder(order: PageOrder): Promise<PageOutcome<PageOrder>> {
  growSlowly(); // what big pages leave behind is many times their size
  if (order.do === 'address') return findUpstream(undefined, undefined).url.href;
  closeFolders();
  anchor(order.root, 'own');
  trustOwnerOf(order.root);
  try {
    if (order.do === 'keep') return keep(order);
    if (order.do === 'refuse') return removeRefused(order);
    return order.do === 'gone' ? markGone(order) : await merge(order);
  } finally {
    closeFolders();
    tidyWhenQuiet();
  }
}

function keep(order: KeepOrder): KeepOutcome {
  const { before, nowMs, validators } = order;
  const bytes = Buffer.from(order.bytes.buffer, order.bytes.byteOffset, order.bytes.byteLength);
  const bodySha256 = createHash('sha256').update(bytes).digest('hex');
  if (before && before.bodySha256 === bodySha256 && before.goneMs === undefined) return { is: 'same', header: before };
  try {
    const { page, form } = believePage({ bytes, contentType: order.contentType, url: new URL(order.url) }, order.of);
    const isTakenDown = page.status === 'quarantined';
    if (before && !order.isAgreed && !isTakenDown && isPoorer(page.files.length, form, before)) return { is: 'poorer' };
    const header = { ...validators, bodySha256, form, files: page.files.length, changedMs: nowMs };
    lastKept.keep(order.root, page, header);
    return { is: 'kept', header };
  } catch (error) {
    if (!(error instanceof NoIndexPage)) throw error;
    return { is: 'no page', why: error.message };
  }
}

/** It lost more than half of its files, or what HTML does not tell. */
function isPoorer(files: number, form: KeptHeader['form'], before: KeptHeader): boolean {
  return files * 2 < before.files || (form === 'html' && before.form === 'json');
}

function markGone({ root, of, nowMs }: GoneOrder): KeptHeader | undefined {
  const kept = readKeptPage(root, of);
  if (!kept) return undefined;
  const header = { ...kept.header, goneMs: nowMs };
  keepPage(root, kept.page, header);
  return header;
}

async function merge(order: MergeOrder): Promise<MergeOutcome | undefined> {
  const { root, folder, project, repository, onlyRunnable, upstream } = order;
  anchor(folder, 'own');
  const found = lastKept.read(root, { upstream: upstream.name, project });
  if (!found) return undefined;
  const { page, header } = found;
  const kept = new Set(namesIn(keptProjectFolder(root, { upstream: upstream.name, project })));
  const fate = { ...(header.goneMs !== undefined && { goneMs: header.goneMs }), atHand: kept };
  const readOwn = () => readOwnPage(ownPagePath(folder, project));
  const { listed, refused, unseen, early, changesAtMs } = judgeUpstream(page, order.policy, order.nowMs);
  removeKept(root, page, kept, refused);
  const files = withFacts(listed, order.facts);
  const rules = { repository, onlyRunnable, upstream };
  const { detail, clashes } = mergePage(readOwn(), page, files, fate, rules);
  const here = files.filter(({ filename }) => kept.has(filename));
  const makeAtHand = () =>
    order.atHand !== 'none' && here.length > 0 ? mergePage(readOwn(), page, here, fate, rules).detail : undefined;
  const place = { root, folder, project, repository: repository.name, upstream: upstream.name };
  const atHand = order.atHand === 'keep' ? await keepAtHand(place, makeAtHand) : lookAtHand(place, makeAtHand());
  for (const form of order.forms) {
    const path = mergedPagePath(root, repository.name, project, form);
    makeFolder(join(path, '..'));
    const bytes = Buffer.from(form === 'json' ? serializeProjectDetail(detail) : renderProjectDetailHtml(detail));
    putFile(packedPagePath(path), gzipSync(bytes, { level: GZIP_LEVEL }));
    putFile(path, bytes);
  }
  return {
    files: detail.files.length,
    clashes,
    atHand,
    unseen,
    early,
    ...(changesAtMs !== undefined && { changesAtMs }),
  };
}

/** As kho published it; undefined where the repository has nothing of that project by itself. */
function readOwnPage(path: string): LooseDetail | undefined {
  try {
    const page = JSON.parse(readText(path));
    return Array.isArray(page.files) && Array.isArray(page.versions) ? page : undefined;
  } catch {
    return undefined;
  }
}
