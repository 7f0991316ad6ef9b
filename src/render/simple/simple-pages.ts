/**
 * The pages that installers read: each in two forms that say the same.
 *
 * Source: PyPA "Simple repository API" (PEP 503 HTML, PEP 691 JSON).
 */
import type { IndexedFile, Project } from '../../catalog/model.ts';
import { renderProjectDetailHtml, renderProjectListHtml } from '../../standards/simple-api/html.ts';
import { serializeProjectDetail, serializeProjectList } from '../../standards/simple-api/json.ts';
import {
  API_VERSION,
  type ProjectDetail,
  type ProjectFile,
  type ProjectList,
} from '../../standards/simple-api/types.ts';
import { fingerprint, projectInputs } from '../fingerprint.ts';
import { fileHref, fileUrl } from '../links.ts';
import type { Page, RenderContext } from '../page.ts';
import { uploadTime } from '../upload-time.ts';

const META = { 'api-version': API_VERSION };

/** `simple/NAME/index.html` and its JSON twin. */
export function simplePages(project: Project, context: RenderContext): Page[] {
  const folder = `simple/${project.name}`;
  const inputs = projectInputs(project, context);
  let made: ProjectDetail | undefined;
  const detail = () => {
    made ??= projectDetail(project, context);
    return made;
  };
  return [
    { path: `${folder}/index.html`, inputs, render: () => renderProjectDetailHtml(detail()) },
    { path: `${folder}/index.json`, inputs, render: () => serializeProjectDetail(detail()) },
  ];
}

/**
 * `simple/index.html` and its JSON twin: the list of projects.
 *
 * @param names normalized, without the quarantined projects
 */
export function simpleRootPages(names: readonly string[]): Page[] {
  const sorted = [...names].sort();
  const inputs = fingerprint(sorted);
  const list = (): ProjectList => ({ meta: META, projects: sorted.map((name) => ({ name })) });
  return [
    { path: 'simple/index.html', inputs, render: () => renderProjectListHtml(list()) },
    { path: 'simple/index.json', inputs, render: () => serializeProjectList(list()) },
  ];
}

/** Oldest release first, as PyPI has it: some tools take the last file for the newest. */
function projectDetail(project: Project, context: RenderContext): ProjectDetail {
  const { name, status, statusReason } = project;
  const oldestFirst = status === 'quarantined' ? [] : project.releases.toReversed();
  return {
    meta: META,
    name,
    ...(status && { 'project-status': { status, ...(statusReason !== undefined && { reason: statusReason }) } }),
    versions: oldestFirst.map((release) => release.version),
    files: oldestFirst.flatMap((release) => release.files.map((file) => projectFile(file, context))),
  };
}

function projectFile(file: IndexedFile, { repository, siteUrl }: RenderContext): ProjectFile {
  const entry: ProjectFile = {
    filename: file.filename,
    url: fileHref({ repository, depth: 2 }, file),
    hashes: { sha256: file.sha256 },
    size: file.size,
    'upload-time': uploadTime(file.uploadedMs),
  };
  if (file.requiresPython !== undefined) entry['requires-python'] = file.requiresPython;
  if (file.metadataSha256 !== undefined) entry['core-metadata'] = { sha256: file.metadataSha256 };
  if (file.yanked !== undefined) entry.yanked = file.yanked === '' ? true : file.yanked;
  if (file.signed) entry['gpg-sig'] = true;
  // PEP 740 wants an absolute address from a secure origin.
  if (file.provenance && siteUrl?.startsWith('https://')) entry.provenance = `${fileUrl(siteUrl, file)}.provenance`;
  return entry;
}
