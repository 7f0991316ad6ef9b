import { hash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { look } from '../io/open-file.ts';
import { fromRoot, type Target } from '../publish/target.ts';
import type { PageFile } from '../render/packed-forms.ts';
import { uploadTime } from '../render/upload-time.ts';
import { cataloguePath } from '../sync-format/catalogue.ts';
import { HEAD_PATH, signaturePath, writeHead } from '../sync-format/head.ts';
import { asFile, catalogueFiles, DIFFS_FROM } from './catalogue-files.ts';
import { isSigned, publishedHead, waitingHead } from './heads-on-disk.ts';
import { type KeptHeads, type MadeHead, madeHead } from './kept-heads.ts';
import { nextHead } from './next-head.ts';
import { loadedKey, signText } from './ssh-keygen.ts';
import { oldSyncFiles } from './sweep-sync.ts';

/** What becomes of one repository's `sync/`. */
export interface SyncPlan {
  repository: string;
  /** Of the catalogue as it is to be, its sha256. */
  catalogue: string;
  /** In the order in which they come to their places; the head, if there is a new one, last. */
  files: PageFile[];
  /** A new head: to be kept before anything is published. */
  made?: MadeHead;
  /** The head that somebody has to sign yet. */
  waiting?: string;
  /** From the site's root. */
  removals: string[];
}

interface SyncPlanOptions {
  config: SiteConfig;
  target: Target;
  /** The catalogue as it is to be. */
  text: string;
  site: string;
  kept: readonly MadeHead[];
  /** Of older catalogues nothing stays, and nothing leads from them to the newest. */
  forgetsOld: boolean;
  now: number;
}

/** The lock must be held. */
export async function planRepository(repository: string, options: SyncPlanOptions): Promise<SyncPlan> {
  const { config, target, text, site, kept, forgetsOld, now } = options;
  const wantsSignature = config.repositories.find(({ name }) => name === repository)?.sync === 'signed';
  const published = publishedHead(target, repository);
  const stands = published && (!wantsSignature || isSigned(target, repository, published)) ? published : undefined;
  const waiting = waitingHead(target.root, repository);
  const current = wantsSignature ? (waiting ?? stands) : stands;
  const bytes = Buffer.from(text);
  const catalogue = { sha256: hash('sha256', bytes, 'hex'), size: bytes.length };
  const isSame =
    current?.head.catalogue.sha256 === catalogue.sha256 &&
    current.head.site === site &&
    current.head.repository === repository;
  const of = { site, repository, catalogue, created: uploadTime(now) };
  // An unsigned head counts too: somebody may have seen it.
  const newText = isSame ? undefined : writeHead(nextHead(of, { published: stands ?? published, waiting, kept }));
  const made = newText === undefined ? undefined : madeHead(newText);
  const head = made ?? (current as MadeHead);
  const from = forgetsOld ? [] : followable(target, repository, wantsSignature, kept);
  const path = join(target.folderOf(repository), cataloguePath(catalogue.sha256));
  const isThere = look(path)?.size === bytes.length && look(`${path}.br`) !== undefined;
  const files = isThere && isSame ? [] : await catalogueFiles(target, repository, { ...catalogue, text }, from);
  const plan: SyncPlan = { repository, catalogue: catalogue.sha256, files, removals: [], ...(made && { made }) };
  if (head !== stands) putHead(plan, head, wantsSignature);
  const isHeadPublished = plan.files.at(-1)?.path === HEAD_PATH;
  const isHeadKept = stands !== undefined && !isHeadPublished && !(forgetsOld && made);
  if (published && !isHeadPublished && !isHeadKept) plan.removals.push(fromRoot(repository, HEAD_PATH)); // never unsigned, and never of what is private by now
  const needed = new Set([catalogue.sha256, head.sha256, ...from]);
  if (isHeadKept) for (const { sha256 } of [stands, stands.head.catalogue]) needed.add(sha256);
  plan.removals.push(...oldSyncFiles(target, repository, needed, forgetsOld ? Number.POSITIVE_INFINITY : now));
  return plan;
}

/** Published as it is, or with its signature before it; where nobody can sign it here, it waits. */
function putHead(plan: SyncPlan, head: MadeHead, wantsSignature: boolean): void {
  if (wantsSignature) {
    const path = loadedKey();
    const signature = path === undefined ? '' : signText(head.text, { path });
    if (typeof signature === 'string') {
      plan.waiting = head.text;
      return;
    }
    plan.files.push(asFile(signaturePath(head.sha256), signature.text));
  }
  plan.files.push(asFile(HEAD_PATH, head.text));
}

/** Catalogues that followers may have: the newest of those whose heads were published. */
function followable(target: Target, repository: string, isSignedOnly: boolean, kept: readonly MadeHead[]): string[] {
  const catalogues = new Set<string>();
  for (let place = kept.length - 1; place >= 0 && catalogues.size < DIFFS_FROM; place--) {
    const made = kept[place] as MadeHead;
    if (!isSignedOnly || isSigned(target, repository, made)) catalogues.add(made.head.catalogue.sha256);
  }
  return [...catalogues];
}

/** What is kept counts; else what is published says it; else it is made here, once. */
export function siteIdOf(kept: KeptHeads, target: Target, { repositories }: SiteConfig): string {
  if (kept.site !== undefined) return kept.site;
  const published = repositories.flatMap(({ name }) => publishedHead(target, name)?.head.site ?? []);
  return published[0] ?? randomUUID();
}
