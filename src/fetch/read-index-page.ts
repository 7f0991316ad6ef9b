/** A project's page of another index, in either form: whoever wrote it, what is odd in it is passed over. */
import { isUtf8 } from 'node:buffer';
import type { Candidate } from '../catalog/candidate.ts';
import type { NormalizedName } from '../standards/name.ts';
import { sdistVersionFor } from '../standards/sdist-filename.ts';
import { PROJECT_STATUSES, type ProjectStatus } from '../standards/simple-api/types.ts';
import { normalizeVersion } from '../standards/version.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';
import { type Hashes, hashesOf } from './file-hashes.ts';
import { readIndexLinks } from './index-links.ts';
import { checkHtmlPage, NoIndexPage, readJsonPage, record } from './index-page-faults.ts';

export interface UpstreamCandidate extends Candidate {
  origin: 'upstream';
  url: URL;
  /** All that the index names, by algorithm, in lower case, as they are: one that is none is no hash of any file. */
  hashes?: Hashes;
  /** What locks allow, where the index names no sha256. */
  allowedSha256s?: ReadonlySet<string>;
  /** When it was published there, ISO 8601. */
  uploaded?: string;
  /** Why it was yanked, where somebody said so. */
  yankedReason?: string;
  /** Where its provenance is (PEP 740). */
  provenance?: URL;
  /** Of its `.metadata`: hexadecimal sha256. Where an index only says that it is there, nothing tells whether it is whole. */
  metadata?: string;
}

/** What a page may say of a file; anything, so far. */
interface Entry {
  filename: unknown;
  url: unknown;
  hashes: Hashes;
  size?: unknown;
  requiresPython: unknown;
  yanked: unknown;
  metadata: unknown;
  uploaded?: unknown;
  provenance?: unknown;
}

export interface ProjectPage<File = UpstreamCandidate> {
  files: File[];
  /** PEP 792, where it is one that is known. */
  status?: ProjectStatus;
  statusReason?: string;
  /** JSON tells more: sizes, times, the status. */
  form: 'json' | 'html';
}

/**
 * What a page lists. What is no page of this project is a fault, and never taken for "there is nothing": JSON that is whole, of
 * version 1, with its name and a list of files; HTML that says it is an index or links to a file of it, and that is not cut off.
 *
 * @param url of the page, after redirects
 * @param take makes of each file what is wanted of it: of 15,000 files, no more than that is held at once
 * @throws {NoIndexPage}
 */
export function readProjectPage<File>(
  bytes: Buffer,
  contentType: string,
  url: URL,
  project: NormalizedName,
  take: (file: UpstreamCandidate) => File,
): ProjectPage<File> {
  const text = bytes.toString('utf8').trimStart(); // also without a byte order mark, which JSON may not have
  const isJson = /json/.test(contentType) || text.startsWith('{');
  if (isJson) {
    if (!isUtf8(bytes)) throw new NoIndexPage('is damaged: it is not in UTF-8');
    const page = readJsonPage(text, project);
    const files = page.files.flatMap((file) => toCandidate(entryOfJson(file), url, project).map(take));
    return { files, form: 'json', ...statusOf(page.status) };
  }
  const { base, entries } = entriesOfHtml(text, url);
  const files = entries.flatMap((entry) => toCandidate(entry, base, project).map(take));
  checkHtmlPage(text, entries, files.length, project);
  return { files, form: 'html' };
}

/** The files of `readProjectPage`. @throws {NoIndexPage} */
export function readIndexPage(
  bytes: Buffer,
  contentType: string,
  url: URL,
  project: NormalizedName,
): UpstreamCandidate[] {
  return readProjectPage(bytes, contentType, url, project, (file) => file).files;
}

function statusOf({ status, reason }: Record<string, unknown>): Pick<ProjectPage, 'status' | 'statusReason'> {
  const known = PROJECT_STATUSES.find((one) => one === status);
  return { ...(known && { status: known }), ...(known && typeof reason === 'string' && { statusReason: reason }) };
}

function entryOfJson(file: Record<string, unknown>): Entry {
  const { provenance } = file;
  return {
    filename: file['filename'],
    url: file['url'],
    hashes: hashesOf(Object.entries(record(file['hashes']))),
    size: file['size'],
    requiresPython: file['requires-python'],
    yanked: file['yanked'],
    metadata: record(file['core-metadata'])['sha256'],
    uploaded: file['upload-time'],
    provenance,
  };
}

function entriesOfHtml(text: string, url: URL): { base: URL; entries: Entry[] } {
  const { base, links } = readIndexLinks(text, (href) => URL.canParse(href, url.href));
  const entries: Entry[] = [];
  for (const attributes of links) {
    const href = attributes.get('href');
    if (href === undefined) continue;
    const [path = '', fragment = ''] = href.split('#', 2);
    const metadata = attributes.get('data-core-metadata') ?? attributes.get('data-dist-info-metadata');
    entries.push({
      filename: lastPart(path),
      url: path,
      hashes: hashesOf(fragment.split('&').map((part) => part.split('=', 2))),
      requiresPython: attributes.get('data-requires-python'),
      yanked: attributes.get('data-yanked'),
      metadata: metadata === undefined ? undefined : /^sha256=(\S+)/.exec(metadata)?.[1],
    });
  }
  return { base: base === undefined ? url : new URL(base, url), entries };
}

/** The name is the end of the address: what the link says may be anything. */
function lastPart(path: string): string | undefined {
  try {
    return decodeURIComponent(path.split('?')[0]?.split('/').at(-1) ?? '');
  } catch {
    return undefined;
  }
}

/** Names are those of wheels and sdists of this project: so they hold no slash, and start with no dot. */
function toCandidate(entry: Entry, base: URL, project: NormalizedName): UpstreamCandidate[] {
  const { filename, url, requiresPython, yanked, metadata, size, uploaded, provenance } = entry;
  if (typeof filename !== 'string' || typeof url !== 'string' || !isWebAddress(url, base)) return [];
  const address = new URL(url, base);
  const name = readName(filename, project);
  if (!name) return [];
  const sha256 = hashOf(entry.hashes.sha256);
  const metadataHash = hashOf(metadata);
  return [
    {
      origin: 'upstream',
      ...{ filename, url: address, ...name },
      isYanked: yanked !== undefined && yanked !== false && yanked !== null,
      ...(typeof yanked === 'string' && yanked !== '' && { yankedReason: yanked }),
      ...(sha256 !== undefined && { sha256 }),
      ...(Object.keys(entry.hashes).length > 0 && { hashes: entry.hashes }),
      ...(typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 && { size }),
      ...(typeof requiresPython === 'string' && { requiresPython }),
      ...(metadataHash !== undefined && { metadata: metadataHash }),
      ...(isTime(uploaded) && { uploaded }),
      ...(typeof provenance === 'string' &&
        isWebAddress(provenance, base) && { provenance: new URL(provenance, base) }),
    },
  ];
}

function isWebAddress(text: string, base: URL): boolean {
  return URL.canParse(text, base.href) && /^https?:$/.test(new URL(text, base).protocol);
}

function readName(filename: string, project: NormalizedName): Pick<Candidate, 'version' | 'wheel'> | undefined {
  try {
    if (!filename.endsWith('.whl')) {
      const version = sdistVersionFor(filename, project);
      return version === undefined ? undefined : { version: normalizeVersion(version) };
    }
    const wheel = parseWheelFilename(filename);
    return wheel.name === project ? { wheel, version: normalizeVersion(wheel.version) } : undefined;
  } catch {
    return undefined;
  }
}

/** PEP 700: `2026-01-02T03:04:05.678901Z`. */
function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(value);
}

function hashOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : undefined;
}
