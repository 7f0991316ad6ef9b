import { join } from 'node:path';
import type { Survey } from '../build-site.ts';
import type { Project } from '../catalog/model.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { type Drift, DriftList } from '../drift.ts';
import { publishedTarget } from '../index/open-target.ts';
import { look } from '../io/open-file.ts';
import { fromRoot, locate, type Target } from '../publish/target.ts';
import { packedForms } from '../render/packed-forms.ts';
import { auditFile, type FileAudit } from './audit-file.ts';
import { explainSettings } from './changed-settings.ts';
import { checkChecksums } from './check-checksums.ts';
import type { CheckContext } from './check-context.ts';
import { checkLeftovers } from './check-leftovers.ts';
import { checkFrontPage, checkProjectList } from './check-lists.ts';
import { checkPackedForms } from './check-packed.ts';
import { checkPages } from './check-pages.ts';
import { checkProject } from './check-project.ts';
import { checkSync } from './check-sync.ts';
import { BUILD, COPY_AGAIN } from './ways-out.ts';

export interface CheckProgress {
  stage: 'check';
  /** In files. */
  done: number;
  total: number;
}

export interface CheckOptions {
  /** Where `kho build --out` published the site; beside its packages when left out. */
  out?: string;
  /** Unpack every member of every package, and compare it with its checksum. */
  deep?: boolean;
  onProgress?: (progress: CheckProgress) => void;
}

/**
 * Read a published site as its clients do, hash every file anew, and report whatever is not as it ought to be. What kho
 * remembers of its last run plays no part, except through the survey.
 *
 * @param survey what ought to be listed
 * @returns sorted by file; first of all that settings changed, if they did
 * @throws {KhoError} READ when a folder cannot be listed, USAGE when `out` is none
 */
export async function checkSite(
  config: SiteConfig,
  survey: Survey,
  { out, deep = false, onProgress = () => {} }: CheckOptions = {},
): Promise<Drift[]> {
  const target = publishedTarget(config, out);
  const drifts = new DriftList(BUILD);
  const audits = await auditListed(survey, target, drifts, deep, onProgress);
  const context: CheckContext = { config, target, audits, drifts };
  const pages = config.pages === false ? new Set<string>() : await checkPages(survey, context);
  for (const { repository, projects } of survey.catalogs) {
    if (look(join(target.folderOf(repository), 'simple'))) await checkRepository(repository, projects, pages, context);
    else
      drifts.add(fromRoot(repository, 'simple'), 'is not there: the repository is not published yet', 'run kho build');
  }
  const own = survey.catalogs.find(({ repository }) => repository === '.');
  if (config.pages === false) checkFrontPage('index.html', own ? offered(own.projects) : [], '.', context);
  return explainSettings(drifts.sorted(), config, target, out);
}

/** @param forPeople pages that belong in the site, from its root */
async function checkRepository(
  repository: string,
  projects: readonly Project[],
  forPeople: ReadonlySet<string>,
  context: CheckContext,
): Promise<void> {
  const pages = new Set(['simple/index.html', 'simple/index.json'].map((path) => fromRoot(repository, path)));
  for (const project of projects) {
    for (const page of await checkProject(project, repository, context)) pages.add(fromRoot(repository, page));
  }
  for (const path of forPeople) pages.add(path);
  const names = offered(projects);
  await checkProjectList(names, repository, context);
  const files = projects.flatMap((project) => project.releases.flatMap((release) => release.files));
  checkChecksums(files, repository, context);
  checkSync(files, repository, context);
  const { config } = context;
  if (repository !== '.' && config.pages === false)
    checkFrontPage(fromRoot(repository, 'index.html'), names, repository, context);
  for (const page of [...pages, fromRoot(repository, 'SHA256SUMS')])
    if (!forPeople.has(page)) checkPackedForms(page, context);
  const packed = config.precompress ? [...pages].flatMap(packedForms).map(({ path }) => path) : [];
  checkLeftovers(new Set([...pages, ...packed]), repository, context);
}

/** A quarantined project has a page, but no list names it (PEP 792). */
function offered(projects: readonly Project[]): string[] {
  return projects.filter(({ status }) => status !== 'quarantined').map(({ name }) => name);
}

/** Look at each file that some repository lists, once. */
async function auditListed(
  survey: Survey,
  target: Target,
  drifts: DriftList,
  isDeep: boolean,
  onProgress: (progress: CheckProgress) => void,
): Promise<Map<string, FileAudit>> {
  const listed = new Map(
    survey.catalogs
      .flatMap(({ projects }) => projects)
      .flatMap(({ releases }) => releases)
      .flatMap(({ files }) => files.map((file) => [sitePath(file), file.sha256] as const)),
  );
  const audits = new Map<string, FileAudit>();
  for (const [path, sha256] of listed) {
    const audit = await auditFile(locate(target, path), isDeep);
    audits.set(path, audit);
    if (audit.fault !== undefined) drifts.add(path, audit.fault, audit.hint ?? COPY_AGAIN);
    else if (audit.facts?.sha256 !== sha256) {
      drifts.add(path, 'has other bytes than when kho looked last', COPY_AGAIN);
    }
    onProgress({ stage: 'check', done: audits.size, total: listed.size });
  }
  return audits;
}
