import type { NormalizedName } from '../standards/name.ts';
import type { HeldFile } from './held-files.ts';
import type { Project } from './model.ts';

/** What one repository has. */
export interface RepositoryCatalog {
  repository: string;
  /** Sorted by name. */
  projects: Project[];
  /** Files that are held, its own, of what it includes, and elsewhere in the site what is whole and lies in the wrong place. */
  held: Map<NormalizedName, HeldFile[]>;
}
