/**
 * `REPO/sync/head.json`: what a site that follows a repository asks for first, some 300 bytes. It names the catalogue, which names every
 * file, so whoever believes the head believes all of it. It is written by `writeHead`, one line, and its sha256 is that of its bytes.
 *
 * Where heads are signed, `REPO/sync/SHA256.sig` is the signature of the head that has this sha256 (SSHSIG, namespace `kho`), so that an old
 * head and a new one each find their own at every moment. docs/decisions/0027-sites-are-followed-by-plain-files.md
 */

import { hash } from 'node:crypto';
import { FormatError } from '../problems.ts';
import { quoted } from '../standards/quoted.ts';
import { isSha256 } from '../standards/sha256.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { fieldsOf, isCount, isTime } from './fields.ts';
import { SYNC_FOLDER } from './sync-names.ts';

/** From the folder of a repository, as all paths here. */
export const HEAD_PATH = `${SYNC_FOLDER}/head.json`;

/** What is signed is signed for this, and nothing else that bears these keys can be taken for it. */
export const SIGNATURE_NAMESPACE = 'kho';

/** As `LoadCredential=` of a unit names the key. */
export const KEY_CREDENTIAL = 'kho-signing-key';

const FORMAT = 1;
const SITE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LONGEST_REPOSITORY = 200;

export interface SyncHead {
  format: 1;
  /** Of the site, made once: a UUID. */
  site: string;
  /** Its name at the centre; `.` is the site itself. */
  repository: string;
  /** Goes up whenever the catalogue changes, and never down. */
  counter: number;
  /** Of `cataloguePath(sha256)`, as it is unpacked; the size in bytes. */
  catalogue: { sha256: string; size: number };
  /** ISO 8601; told, never compared: clocks of small boards are wrong. */
  created: string;
  /** Sha256 of the head before it. */
  before?: string;
}

/** @param headSha256 of the head's bytes */
export function signaturePath(headSha256: string): string {
  return `${SYNC_FOLDER}/${headSha256}.sig`;
}

export function writeHead(head: SyncHead): string {
  const { format, site, repository, counter, catalogue, created, before } = head;
  const { sha256, size } = catalogue;
  const inOrder = { format, site, repository, counter, catalogue: { sha256, size }, created, before };
  return `${JSON.stringify(inOrder)}\n`;
}

/** By which a head is named: by its successor, and by its signature. */
export function headSha256(bytes: Uint8Array | string): string {
  return hash('sha256', bytes, 'hex');
}

/** Fields that it does not know it passes over. @throws {FormatError} `bad-catalogue` */
export function readHead(text: string): SyncHead {
  const fail = (why: string) => new FormatError('bad-catalogue', `Cannot read the head of a repository: ${why}`);
  if (text.length > TEXT_LIMITS.syncHeadBytes) throw fail(`it has more than ${TEXT_LIMITS.syncHeadBytes} characters`);
  const { format, site, repository, counter, catalogue, created, before } = fieldsOf(text, fail);
  if (typeof format === 'number' && format > FORMAT) {
    throw fail(`it is of format ${format}, and this kho knows ${FORMAT}: it takes a newer one`);
  }
  if (format !== FORMAT) throw fail('it is no head');
  if (typeof site !== 'string' || !SITE_ID.test(site)) throw fail('it names no site');
  if (!isRepository(repository)) throw fail('it names no repository');
  if (!isCount(counter) || counter < 1) throw fail('its counter is no number from 1 up');
  const { sha256, size } = fieldsOf(catalogue, fail);
  if (!isSha256(sha256) || !isCount(size)) throw fail('it names no catalogue');
  if (size > TEXT_LIMITS.catalogueBytes) throw fail(`its catalogue has more than ${TEXT_LIMITS.catalogueBytes} bytes`);
  if (!isTime(created)) throw fail('it does not say when it was made');
  if (before !== undefined && !isSha256(before))
    throw fail(`the head before it is no sha256: ${quoted(String(before))}`);
  return { format, site, repository, counter, catalogue: { sha256, size }, created, ...(before && { before }) };
}

function isRepository(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_REPOSITORY) return false;
  return value === '.' || !/^\.|[\p{Cc}/\\]/u.test(value);
}
