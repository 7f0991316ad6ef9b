/** What a client learns from a project's page, whichever form it reads. */
import { readHtml } from '../formats/html.ts';
import { FormatError } from '../problems.ts';

export interface ClientView {
  apiVersion: unknown;
  status: unknown;
  reason: unknown;
  files: ClientFile[];
}

/** Of a damaged page most may be anything. Absent is undefined. */
export interface ClientFile {
  filename: string;
  /** Without the fragment. */
  url: unknown;
  sha256: unknown;
  requiresPython: unknown;
  metadataSha256: unknown;
  signed: unknown;
  /** The reason, or true. */
  yanked: unknown;
  provenance: unknown;
}

/** @throws {FormatError} `damaged` */
export function viewHtml(html: string): ClientView {
  const tags = readHtml(html);
  const meta = (name: string) => {
    const tag = tags.find((tag) => tag.name === 'meta' && tag.attributes.get('name') === `pypi:${name}`);
    return tag?.attributes.get('content');
  };
  const files = tags
    .filter(({ name }) => name === 'a')
    .map(({ attributes, text }): ClientFile => {
      const [url, fragment] = (attributes.get('href') ?? '').split('#', 2);
      const yanked = attributes.get('data-yanked');
      return {
        filename: text,
        url,
        sha256: withoutAlgorithm(fragment),
        requiresPython: attributes.get('data-requires-python'),
        metadataSha256: withoutAlgorithm(attributes.get('data-core-metadata')),
        signed: attributes.has('data-gpg-sig') ? attributes.get('data-gpg-sig') === 'true' : undefined,
        yanked: yanked === '' ? true : yanked,
        provenance: attributes.get('data-provenance'),
      };
    });
  return {
    apiVersion: meta('repository-version'),
    status: meta('project-status'),
    reason: meta('project-status-reason'),
    files,
  };
}

/** @throws {FormatError} `damaged` */
export function viewJson(page: unknown): ClientView {
  const { meta, files, 'project-status': projectStatus } = record(page);
  if (!Array.isArray(files)) throw new FormatError('damaged', 'has no list of files');
  const { status, reason } = record(projectStatus);
  return {
    apiVersion: record(meta)['api-version'],
    status,
    reason,
    files: files.map(viewFile),
  };
}

function viewFile(file: unknown): ClientFile {
  const { filename, url, hashes, yanked, provenance, ...more } = record(file);
  if (typeof filename !== 'string') throw new FormatError('damaged', 'lists something without a filename');
  return {
    filename,
    url,
    sha256: record(hashes)['sha256'],
    requiresPython: more['requires-python'],
    metadataSha256: record(more['core-metadata'])['sha256'],
    signed: more['gpg-sig'],
    yanked,
    provenance,
  };
}

function withoutAlgorithm(text: string | undefined): string | undefined {
  return text?.startsWith('sha256=') ? text.slice('sha256='.length) : text;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
