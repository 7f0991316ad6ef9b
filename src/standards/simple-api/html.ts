/**
 * The simple API in HTML, from the same data as in JSON. There are no words for size, upload time and versions.
 *
 * Source: PyPA "Simple repository API" (PEP 503, 592, 629, 658, 714, 740, 792). PEP 833 freezes this form at 1.4.
 */
import { plainDetail } from './plain-detail.ts';
import type { LooseDetail, LooseFile, ProjectList } from './types.ts';

/** The page at `simple/`; project pages are linked below it. */
export function renderProjectListHtml(list: ProjectList): string {
  const links = list.projects.map(({ name }) => `<a href="${escapeHtml(name)}/">${escapeHtml(name)}</a><br>`);
  return page(list.meta['api-version'], 'Simple index', [], links);
}

/** The page at `simple/NAME/`; each file's `url` is taken from there, and its hash added to it. */
export function renderProjectDetailHtml(detail: LooseDetail): string {
  const { meta, name, 'project-status': status, files } = plainDetail(detail);
  const metas: string[] = [];
  if (status) metas.push(metaTag('pypi:project-status', status.status));
  if (status?.reason !== undefined) metas.push(metaTag('pypi:project-status-reason', status.reason));
  return page(meta['api-version'], `Links for ${name}`, metas, files.map(fileLink));
}

/** A link has room for one: the best that there is. */
const HASHES = ['sha256', 'sha512', 'sha384', 'sha1', 'md5'];

/** Only `data-core-metadata`: its older twin `data-dist-info-metadata` breaks pip 22.3 to 23.1. */
function fileLink(file: LooseFile): string {
  const { yanked, 'requires-python': requiresPython, 'core-metadata': coreMetadata, 'gpg-sig': signed } = file;
  const hash = HASHES.find((name) => file.hashes[name] !== undefined);
  const fragment = hash === undefined ? '' : `#${hash}=${file.hashes[hash]}`;
  let tag = `<a href="${escapeHtml(file.url + fragment)}"`;
  if (requiresPython !== undefined) tag += ` data-requires-python="${escapeHtml(requiresPython)}"`;
  if (coreMetadata) tag += ` data-core-metadata="sha256=${escapeHtml(coreMetadata.sha256)}"`;
  if (signed !== undefined) tag += ` data-gpg-sig="${signed}"`;
  if (yanked !== undefined) tag += ` data-yanked="${yanked === true ? '' : escapeHtml(yanked)}"`;
  if (file.provenance !== undefined) tag += ` data-provenance="${escapeHtml(file.provenance)}"`;
  return `${tag}>${escapeHtml(file.filename)}</a><br>`;
}

function page(apiVersion: string, title: string, metas: string[], links: string[]): string {
  return `${[
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    metaTag('pypi:repository-version', apiVersion),
    ...metas,
    `<title>${escapeHtml(title)}</title>`,
    '</head>',
    '<body>',
    `<h1>${escapeHtml(title)}</h1>`,
    ...links,
    '</body>',
    '</html>',
  ].join('\n')}\n`;
}

function metaTag(name: string, content: string): string {
  return `<meta name="${name}" content="${escapeHtml(content)}">`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => ESCAPES[character]!) : text;
}
