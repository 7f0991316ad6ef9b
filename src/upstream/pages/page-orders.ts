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
import { makeFolder, removeFolder } from '../../io/disk.ts';
import { look, namesIn, readText } from '../../io/open-file.ts';
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
import { LastKept } from './last-kept.ts';
import { mergePage } from './merge-page.ts';
import { atHandFolder, type MergedForm, mergedPagePath, packedPagePath } from './merged-places.ts';
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
  /** Not where only some may read it: nobody could be asked who they are. */
  keepsAtHand: boolean;
  /** None: only the page of what is at hand is made anew. */
  forms: readonly MergedForm[];
  policy: Policy;
  facts: ProjectFacts;
  nowMs: number;
}

export interface MergeOutcome extends Pick<Judgement<unknown>, 'unseen' | 'early' | 'changesAtMs'> {
  files: number;
  /** Files of the upstream behind own ones with other bytes. */
  clashes: string[];
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
    return order.do === 'gone' ? markGone(order) : merge(order);
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

function merge(order: MergeOrder): MergeOutcome | undefined {
  const { root, folder, project, repository, onlyRunnable, upstream } = order;
  anchor(folder, 'own');
  const kept = lastKept.read(root, { upstream: upstream.name, project });
  if (!kept) return undefined;
  const { page, header } = kept;
  const atHand = new Set(namesIn(keptProjectFolder(root, { upstream: upstream.name, project })));
  const fate = { ...(header.goneMs !== undefined && { goneMs: header.goneMs }), atHand };
  const own = readOwnPage(join(folder, 'simple', project, 'index.json'));
  const { listed, refused, unseen, early, changesAtMs } = judgeUpstream(page, order.policy, order.nowMs);
  removeKept(root, page, atHand, refused);
  const files = withFacts(listed, order.facts);
  const rules = { repository, onlyRunnable, upstream };
  const { detail, clashes } = mergePage(own, page, files, fate, rules);
  const here = files.filter(({ filename }) => atHand.has(filename));
  keepAtHand(order, order.keepsAtHand && here.length > 0 ? mergePage(own, page, here, fate, rules).detail : undefined);
  for (const form of order.forms) {
    const path = mergedPagePath(root, repository.name, project, form);
    makeFolder(join(path, '..'));
    const bytes = Buffer.from(form === 'json' ? serializeProjectDetail(detail) : renderProjectDetailHtml(detail));
    putFile(packedPagePath(path), gzipSync(bytes, { level: GZIP_LEVEL }));
    putFile(path, bytes);
  }
  return { files: detail.files.length, clashes, unseen, early, ...(changesAtMs !== undefined && { changesAtMs }) };
}

/** For web servers, while kho does not run: what can be had then. */
function keepAtHand({ root, repository, project }: MergeOrder, detail: LooseDetail | undefined): void {
  const folder = join(atHandFolder(root, repository.name), project);
  if (detail === undefined) {
    if (look(folder)) removeFolder(folder);
    return;
  }
  makeFolder(folder);
  putOther(join(folder, 'index.html'), renderProjectDetailHtml(detail));
  putOther(join(folder, 'index.json'), serializeProjectDetail(detail));
}

/** Replacing a file costs more than reading it, and most pages come out as they were. */
function putOther(path: string, text: string): void {
  if (!look(path)?.isFile() || readText(path) !== text) putFile(path, text);
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
