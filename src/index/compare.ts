import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { readPageStamp, scannedPageStamp } from '../io/page-stamp.ts';
import type { Manifest, ProjectRecord } from '../publish/manifest.ts';
import { locate, type Target } from '../publish/target.ts';
import { isInState } from '../scan/file-state.ts';
import type { FoundFile } from '../scan/found-file.ts';
import type { NormalizedName } from '../standards/name.ts';
import { besideUnseen } from './keep-unseen.ts';
import type { KnownMalware } from './known-malware.ts';
import { isOutdated } from './rules.ts';
import type { SiteScan } from './scan-site.ts';
import { type SiteSummary, shareOf } from './site-summary.ts';

/** Which projects have to be looked at, and which are gone. */
export interface Changes {
  touched: NormalizedName[];
  gone: NormalizedName[];
  /** Some records could not be believed, and are lost. */
  isDamaged: boolean;
}

/** All settings that decide which pages there are and what is in them, as one text. */
export function settingsText(config: SiteConfig): string {
  const { title, url, precompress, repositories } = config;
  return JSON.stringify([
    title,
    url,
    repositories.map(({ name, include, platforms, glibc, musl, projects, private: isPrivate }) => [
      name,
      include,
      [platforms, glibc, musl],
      [...projects].sort(([a], [b]) => (a < b ? -1 : 1)),
      ...(isPrivate ? ['private'] : []),
    ]),
    ...(precompress ? ['precompress'] : []),
  ]);
}

/**
 * Compare what lies in the folders, and what is published, with what the manifest remembers of both. Reads no file: a look
 * at each one's size and times is enough.
 *
 * @param summary gets the records of all projects that stay as they are
 */
export function compare(
  scan: SiteScan,
  manifest: Manifest,
  summary: SiteSummary,
  options: {
    source: Target;
    target: Target;
    unsure: ReadonlySet<string> | 'all' | undefined;
    sameSettings: boolean;
    /** Files that were inspected under older rules count as changed. */
    judgesAnew: boolean;
    malware: KnownMalware;
    now: number;
  },
): Changes {
  const { unsure } = options;
  const changes: Changes = { touched: [], gone: [], isDamaged: manifest.isDamaged === true };
  for (const [name, files] of scan.projects) {
    const record = manifest.projects.get(name);
    if (!record && manifest.projects.has(name)) changes.isDamaged = true;
    const stands = record !== undefined && options.sameSettings && unsure !== 'all' && !unsure?.has(name);
    const same =
      stands &&
      !(options.judgesAnew && record.files.some(isOutdated)) &&
      !record.notes.some((note) => note.code === 'read-only-packages') && // it may be writable by now
      options.malware.stands(name, record) &&
      sameFiles(files, record, options.now) &&
      samePages(files, record, options.target);
    if (same || (stands && waitsForSuccessors(files, record))) {
      summary.add(name, shareOf(name, record, options.source));
    } else changes.touched.push(name);
  }
  for (const name of manifest.projects.names()) {
    if (!scan.projects.has(name as NormalizedName)) changes.gone.push(name as NormalizedName);
  }
  return changes;
}

function sameFiles(files: readonly FoundFile[], record: ProjectRecord, now: number): boolean {
  if (files.length !== record.files.length) return false;
  return files.every((file, place) => {
    const recordedFile = record.files[place];
    if (recordedFile?.path !== file.path || recordedFile.repository !== file.repository) return false;
    return file.unseen === true || (isInState(file, recordedFile.state, now) && !recordedFile.unseen);
  });
}

/**
 * Whether all that a repository had of a project is gone, and what comes instead is still being written: readers would meet a project
 * that is not there for as long as that takes.
 */
function waitsForSuccessors(files: readonly FoundFile[], record: ProjectRecord): boolean {
  const paths = new Set(record.files.map(sitePath));
  const restless = new Set<string>();
  const atRest = new Set<string>();
  for (const file of files) (file.busy && !paths.has(sitePath(file)) ? restless : atRest).add(file.repository);
  return record.files.some(({ repository }) => restless.has(repository) && !atRest.has(repository));
}

function samePages(files: readonly FoundFile[], record: ProjectRecord, target: Target): boolean {
  const metadata = new Map<string, string>();
  if (!target.copies) {
    for (const file of files) {
      const stamp = file.sideFiles.metadata; // the scan has looked at it already
      if (stamp) metadata.set(`${sitePath(file)}.metadata`, scannedPageStamp(stamp));
    }
  }
  const unseen = target.copies ? new Set<string>() : besideUnseen(files);
  for (const [path, [stamp]] of record.published) {
    if (unseen.has(path)) continue;
    if (stamp !== (metadata.get(path) ?? readPageStamp(locate(target, path)))) return false;
  }
  return true;
}
