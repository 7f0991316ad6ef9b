/** A project's page of another index, in either form: whoever wrote it, what is odd in it is passed over. */
import type { Candidate } from '../needs/package-source.ts';
import type { NormalizedName } from '../standards/name.ts';
import { sdistVersionFor } from '../standards/sdist-filename.ts';
import { normalizeVersion } from '../standards/version.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';
import { readIndexLinks } from './index-links.ts';

export interface UpstreamCandidate extends Candidate {
  origin: 'upstream';
  url: URL;
  /** Of its `.metadata`: hexadecimal sha256, or true where only that it is there. */
  metadata?: string | true;
}

/** What a page may say of a file; anything, so far. */
interface Entry {
  filename: unknown;
  url: unknown;
  sha256: unknown;
  size?: unknown;
  requiresPython: unknown;
  yanked: unknown;
  metadata: unknown;
}

/** @param url of the page, after redirects */
export function readIndexPage(
  text: string,
  contentType: string,
  url: URL,
  project: NormalizedName,
): UpstreamCandidate[] {
  const isJson = /json/.test(contentType) || (!/html/.test(contentType) && text.trimStart().startsWith('{'));
  const { base, entries } = isJson ? { base: url, entries: entriesOfJson(text) } : entriesOfHtml(text, url);
  return entries.flatMap((entry) => toCandidate(entry, base, project));
}

function entriesOfJson(text: string): Entry[] {
  let page: unknown;
  try {
    page = JSON.parse(text);
  } catch {
    return [];
  }
  const { files } = record(page);
  if (!Array.isArray(files)) return [];
  return files.map(record).map((file) => ({
    filename: file['filename'],
    url: file['url'],
    sha256: record(file['hashes'])['sha256'],
    size: file['size'],
    requiresPython: file['requires-python'],
    yanked: file['yanked'],
    metadata: record(file['core-metadata'])['sha256'] ?? file['core-metadata'],
  }));
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
      sha256: /(?:^|&)sha256=([0-9a-f]{64})/i.exec(fragment)?.[1],
      requiresPython: attributes.get('data-requires-python'),
      yanked: attributes.get('data-yanked'),
      metadata: metadata === undefined ? undefined : (/^sha256=(\S+)/.exec(metadata)?.[1] ?? metadata === 'true'),
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
  const { filename, url, requiresPython, yanked, metadata, size } = entry;
  if (typeof filename !== 'string' || typeof url !== 'string' || !URL.canParse(url, base.href)) return [];
  const address = new URL(url, base);
  if (!/^https?:$/.test(address.protocol)) return [];
  const name = readName(filename, project);
  if (!name) return [];
  const sha256 = hashOf(entry.sha256);
  const metadataHash = metadata === true ? (true as const) : hashOf(metadata);
  return [
    {
      origin: 'upstream',
      ...{ filename, url: address, ...name },
      isYanked: yanked !== undefined && yanked !== false && yanked !== null,
      ...(sha256 !== undefined && { sha256 }),
      ...(typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 && { size }),
      ...(typeof requiresPython === 'string' && { requiresPython }),
      ...(metadataHash !== undefined && { metadata: metadataHash }),
    },
  ];
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

function hashOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : undefined;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
