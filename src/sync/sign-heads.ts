/** Heads that wait come to be signed, and published with their signatures. */
import type { SiteConfig } from '../config/site-config.ts';
import { listFolder, look } from '../io/open-file.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { applyPlan } from '../publish/apply.ts';
import { Journal } from '../publish/journal.ts';
import { type LockOptions, lockSite } from '../publish/lock.ts';
import { nothingStaged, Stager } from '../publish/stage.ts';
import { inPlaceTarget, type Target } from '../publish/target.ts';
import { HEAD_PATH, signaturePath } from '../sync-format/head.ts';
import { asFile } from './catalogue-files.ts';
import { forgetWaiting, isSigned, publishedHead, toSignFolder, waitingHead, waitingName } from './heads-on-disk.ts';
import type { MadeHead } from './kept-heads.ts';
import { readCatalogueText } from './make-catalogues.ts';
import { checked, type Signature } from './ssh-keygen.ts';

/** A head that waits; by the name that its folder has. */
export interface WaitingHead extends MadeHead {
  repository: string;
}

/** All that wait in a site, sorted. Nothing is believed of them yet. @param root of the site */
export function waitingHeads(root: string): WaitingHead[] {
  const folder = toSignFolder(root);
  if (!look(folder)?.isDirectory()) return [];
  const names = listFolder(folder).flatMap((entry) => (entry.isDirectory() ? [waitingName(entry.name)] : []));
  return names.sort().flatMap((repository) => {
    const made = waitingHead(root, repository);
    return made ? [{ repository, ...made }] : [];
  });
}

export interface SignedHead {
  repository: string;
  counter: number;
  /** Of the key. */
  fingerprint: string;
}

export interface SignOutcome {
  signed: SignedHead[];
  /** Heads that were not published, and why; in one line, no full stop. */
  left: { repository: string; why: string }[];
}

/**
 * Publish heads with their signatures: the signature first, under the name of its head, so that each head that somebody gets has its own.
 *
 * @param signatures of heads that wait, by the sha256 of the head; a text says why there is none
 * @throws {KhoError} SITE, WRITE, LOCKED
 */
export async function publishSigned(
  config: SiteConfig,
  signatures: ReadonlyMap<string, Signature | string>,
  options: LockOptions = {},
): Promise<SignOutcome> {
  const target = inPlaceTarget(config);
  const outcome: SignOutcome = { signed: [], left: [] };
  const repositories = config.repositories.filter(({ sync }) => sync === 'signed').map(({ name }) => name);
  const stager = new Stager(target, temporaryName());
  const unlock = await lockSite(target.root, options);
  try {
    const staged = nothingStaged();
    for (const repository of repositories) {
      const waiting = waitingHead(target.root, repository);
      if (!waiting) continue;
      const signature = signatures.get(waiting.sha256) ?? 'another head waits by now: sign again';
      const why = typeof signature === 'string' ? signature : faultOf(target, repository, waiting, signature);
      if (why !== undefined || typeof signature === 'string') {
        outcome.left.push({ repository, why: why ?? '' });
        continue;
      }
      const files = [asFile(signaturePath(waiting.sha256), signature.text), asFile(HEAD_PATH, waiting.text)];
      await stager.stageFiles(repository, files, new Map(), staged);
      outcome.signed.push({ repository, counter: waiting.head.counter, fingerprint: signature.fingerprint });
    }
    if (outcome.signed.length === 0) return outcome;
    const signed = outcome.signed.map(({ repository }) => repository);
    await applyPlan({
      ...{ target, journal: new Journal(target.root, 'sync-journal'), changing: signed, removals: [] },
      ...{ toFlush: staged.toFlush, moves: staged.moves, folders: signed.map((name) => target.folderOf(name)) },
      remember: () => {
        for (const repository of signed) forgetWaiting(target.root, repository);
      },
    });
    return outcome;
  } finally {
    unlock();
    stager.close(repositories);
  }
}

/** Why a head may not be published, whatever its signature says: nobody could follow it. */
function faultOf(target: Target, repository: string, waiting: MadeHead, signature: Signature): string | undefined {
  const { head, text } = waiting;
  const published = publishedHead(target, repository);
  const isOver = published !== undefined && isSigned(target, repository, published);
  if (head.repository !== repository) return `the head that waits is of "${head.repository}"`;
  if (isOver && published.head.counter >= head.counter) {
    return `the head that waits is older (${head.counter}) than the one that is published (${published.head.counter}): run kho build`;
  }
  const catalogue = readCatalogueText(target, repository, head.catalogue.sha256);
  if (catalogue === undefined || Buffer.byteLength(catalogue) !== head.catalogue.size) {
    return 'its catalogue is not there, or damaged: run kho build';
  }
  const judged = checked(text, signature.text);
  return typeof judged === 'string' ? judged : undefined;
}

/** The head that a signature is of, among those that wait. */
export function headOfSignature(root: string, signature: string): { sha256: string; signature: Signature } | undefined {
  for (const { text, sha256 } of waitingHeads(root)) {
    const judged = checked(text, signature);
    if (typeof judged !== 'string') return { sha256, signature: judged };
  }
  return undefined;
}
