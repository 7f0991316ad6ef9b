/** A project's page of what the site has itself and of what another index has: in the order and form that all pages of kho have. */
import { type UpstreamFate, whyNoPlace } from '../../admission/standing.ts';
import { mayBeListed, type RepositoryRules } from '../../catalog/judge-file.ts';
import type { UpstreamSettings } from '../../config/site-config.ts';
import { sitePathOf } from '../../kept-upstream/kept-places.ts';
import { encodePath } from '../../render/links.ts';
import { fileIdentity } from '../../standards/file-identity.ts';
import type { NormalizedName } from '../../standards/name.ts';
import { API_VERSION, type LooseDetail, type LooseFile } from '../../standards/simple-api/types.ts';
import { compareVersions, normalizeVersion, versionKey } from '../../standards/version.ts';
import { versionOfFile } from '../../standards/version-of-file.ts';
import type { UpstreamFile, UpstreamPage } from '../../upstream-model.ts';

/** Without sizes it is the first version of the API that a page follows. */
const OLDEST_API_VERSION = '1.0';

export interface MergeRules {
  /** Where the page stands. */
  repository: RepositoryRules;
  /** Only what its machines can run. */
  onlyRunnable: boolean;
  upstream: Pick<UpstreamSettings, 'name' | 'hashesOptional' | 'fileHosts' | 'gone'>;
}

export interface MergedPage {
  detail: LooseDetail;
  /** Files of the upstream that stand behind own ones with other bytes. */
  clashes: string[];
}

/** A file, and the version that it is of, in the spelling that all of that version have on the page. */
interface Entry {
  file: LooseFile;
  version: string;
}

/**
 * Own files come first: what the upstream has under a name that is taken here is left out, however it is spelled.
 *
 * @param own the page that the repository has by itself
 * @param listed files of the upstream that may come in
 */
export function mergePage(
  own: LooseDetail | undefined,
  page: Omit<UpstreamPage, 'files'>,
  listed: readonly UpstreamFile[],
  fate: UpstreamFate,
  rules: MergeRules,
): MergedPage {
  const ownEntries = (own?.files ?? []).map((file) => ({ file, version: versionOf(file.filename, page.project) }));
  const taken = new Map(ownEntries.map((entry) => [fileIdentity(entry.file.filename, entry.version), entry.file]));
  const clashes: string[] = [];
  const added: Entry[] = [];
  for (const file of listed) {
    if (!mayStand(file, page, fate, rules)) continue;
    const version = file.version ?? versionOf(file.filename, page.project);
    const ours = taken.size > 0 ? taken.get(fileIdentity(file.filename, version)) : undefined;
    if (ours === undefined) added.push({ file: toListed(file, page, fate, rules), version });
    else if (ours.hashes['sha256'] !== file.sha256) clashes.push(file.filename);
  }
  const entries = inOrder([...ownEntries, ...added], own?.versions ?? []);
  const files = entries.map(({ file }) => file);
  const status = statusOf(own, page);
  const isComplete = files.every(({ size }) => size !== undefined);
  const detail: LooseDetail = {
    meta: { 'api-version': isComplete ? API_VERSION : OLDEST_API_VERSION },
    name: page.project,
    ...(status && { 'project-status': status }),
    versions: [...new Set(entries.map(({ version }) => version))],
    files,
  };
  return { detail, clashes };
}

function versionOf(filename: string, project: NormalizedName): string {
  return normalizeVersion(versionOfFile(filename, project) ?? '');
}

function mayStand(
  file: UpstreamFile,
  page: Omit<UpstreamPage, 'files'>,
  fate: UpstreamFate,
  { upstream, onlyRunnable, repository }: MergeRules,
): boolean {
  if (whyNoPlace(file, page, fate, upstream)) return false;
  return !onlyRunnable || mayBeListed({ filename: file.filename }, repository);
}

function toListed(
  file: UpstreamFile,
  { project }: Pick<UpstreamPage, 'project'>,
  { goneMs }: UpstreamFate,
  { repository, upstream }: MergeRules,
): LooseFile {
  const { filename, sha256, hashes, size, requiresPython, yanked, uploadTime, metadataSha256, provenance } = file;
  const toSite = repository.name === '.' ? '../../' : '../../../';
  const reason = goneMs === undefined ? yanked : `gone from "${upstream.name}" since ${day(goneMs)}`;
  return {
    filename,
    url: toSite + encodePath(sitePathOf({ upstream: upstream.name, project }, filename)),
    hashes: sha256 === undefined ? { ...hashes } : { sha256 },
    ...(requiresPython !== undefined && { 'requires-python': requiresPython }),
    ...(size !== undefined && { size }),
    ...(uploadTime !== undefined && { 'upload-time': uploadTime }),
    ...(metadataSha256 !== undefined && { 'core-metadata': { sha256: metadataSha256 } }),
    ...(reason !== undefined && { yanked: reason }),
    ...(provenance !== undefined && { provenance }),
  };
}

function day(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** The project's own status counts first; a quarantine elsewhere takes none of the team's own files away. */
function statusOf(own: LooseDetail | undefined, page: Pick<UpstreamPage, 'status' | 'statusReason'>) {
  if (own?.['project-status']) return own['project-status'];
  const { status, statusReason } = page;
  if (status === undefined || (status === 'quarantined' && (own?.files.length ?? 0) > 0)) return undefined;
  return { status, ...(statusReason !== undefined && { reason: statusReason }) };
}

/** Oldest release first, as on all pages of kho, and one spelling for all files of a version: the site's own where it has one. */
function inOrder(entries: readonly Entry[], ownVersions: readonly string[]): Entry[] {
  const spelled = new Map<string, string>();
  const spell = (version: string) => {
    const key = versionKey(version);
    if (!spelled.has(key)) spelled.set(key, version);
    return spelled.get(key) as string;
  };
  for (const version of ownVersions) spell(version);
  const byVersion = new Map<string, Entry[]>();
  for (const { file, version } of entries) {
    const spelling = spell(version);
    const entry = { file, version: spelling };
    const same = byVersion.get(spelling);
    if (same) same.push(entry);
    else byVersion.set(spelling, [entry]);
  }
  const versions = [...byVersion.keys()].sort(compareVersions);
  return versions.flatMap((version) =>
    (byVersion.get(version) ?? []).sort((a, b) => (a.file.filename < b.file.filename ? -1 : 1)),
  );
}
