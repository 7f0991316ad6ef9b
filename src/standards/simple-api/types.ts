/**
 * The simple repository API as data: what index.json holds, and what index.html says with fewer words.
 *
 * Source: PyPA "Simple repository API", version 1.4 (PEP 503, 592, 629, 658, 691, 700, 714, 740, 792).
 */

export const API_VERSION = '1.4';

/** PEP 792. A quarantined project offers no files. */
export const PROJECT_STATUSES = ['active', 'archived', 'quarantined', 'deprecated'] as const;
export type ProjectStatus = (typeof PROJECT_STATUSES)[number];

export interface ProjectList {
  meta: { 'api-version': string };
  projects: { name: string }[];
}

export interface ProjectDetail {
  meta: { 'api-version': string };
  name: string;
  'project-status'?: { status: ProjectStatus; reason?: string };
  versions: string[];
  files: ProjectFile[];
}

/** Keys and their meaning are those of PEP 691 and 700. */
export interface ProjectFile {
  filename: string;
  /** Relative to the page, percent-encoded, without a fragment. */
  url: string;
  hashes: { sha256: string };
  'requires-python'?: string;
  /** Only this spelling: the older `dist-info-metadata` breaks pip 22.3 to 23.1. */
  'core-metadata'?: { sha256: string };
  'gpg-sig'?: boolean;
  yanked?: true | string;
  /** In bytes. */
  size: number;
  'upload-time': string;
  provenance?: string;
}

/** A file of which less may be known: of another index. */
export interface LooseFile extends Omit<ProjectFile, 'hashes' | 'size' | 'upload-time'> {
  hashes: { [algorithm: string]: string };
  size?: number;
  'upload-time'?: string;
}

export interface LooseDetail extends Omit<ProjectDetail, 'files'> {
  files: LooseFile[];
}
