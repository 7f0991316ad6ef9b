import type { NormalizedName } from '../standards/name.ts';
import type { ProjectStatus } from '../standards/simple-api/types.ts';

/** One file that the repository lists. */
export interface CatalogueFile {
  project: NormalizedName;
  /** Below REPO/packages/, with `/`. */
  path: string;
  /** The repository whose packages/ it is below, where that is another of the same site (`include`); `.` is the site itself. */
  repository?: string;
  version: string;
  /** In bytes. */
  size: number;
  sha256: string;
  /** When it was first published, ISO 8601. */
  uploadTime?: string;
  requiresPython?: string;
  yanked?: true | string;
  /** FILE.metadata, where it is published. */
  metadata?: { sha256: string; size: number };
  /** As METADATA has them. Absent where the centre does not know them: then nobody can say what it needs. Empty: it needs nothing. */
  requiresDist?: string[];
  providesExtra?: string[];
  /** What else is published beside it, by the end that comes behind its name: `.asc`, `.provenance`. */
  sides?: CatalogueSide[];
}

export interface CatalogueSide {
  suffix: string;
  sha256: string;
  /** In bytes. */
  size: number;
}

export interface CatalogueStatus {
  project: NormalizedName;
  status: ProjectStatus;
  reason?: string;
}

export interface Catalogue {
  files: CatalogueFile[];
  statuses: CatalogueStatus[];
}
