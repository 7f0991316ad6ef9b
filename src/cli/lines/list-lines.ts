import type { Project } from '../../catalog/model.ts';
import { platformWords } from '../../standards/platform-words.ts';
import { counted, inBytes, inColumns } from '../amounts.ts';
import { bold, type Line } from '../text.ts';

/** What `kho list --json` prints. */
export interface SiteListing {
  /** Absolute path. */
  site: string;
  repositories: { name: string; projects: ProjectListing[] }[];
}

interface ProjectListing {
  /** Normalized. */
  name: string;
  status?: string;
  /** Newest first. */
  versions: string[];
  /** Those of them of which every file is yanked; left out when there are none. */
  yanked?: string[];
  /** In words, as `platformWords` has them. */
  platforms: string[];
  files: number;
  bytes: number;
}

/** More versions are counted, not named. */
const NAMED_VERSIONS = 4;

export function toListing(project: Project): ProjectListing {
  const files = project.releases.flatMap((release) => release.files);
  const yanked = project.releases.filter((release) => release.files.every((file) => file.yanked !== undefined));
  return {
    name: project.name,
    ...(project.status !== undefined && { status: project.status }),
    versions: project.releases.map(({ version }) => version),
    ...(yanked.length > 0 && { yanked: yanked.map(({ version }) => version) }),
    platforms: platformWords(files),
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
  };
}

export function listLines({ repositories }: SiteListing): Line[] {
  return repositories.flatMap(({ name, projects }, index): Line[] => {
    const files = projects.reduce((sum, project) => sum + project.files, 0);
    const bytes = projects.reduce((sum, project) => sum + project.bytes, 0);
    const totals = [counted(projects.length, 'project'), counted(files, 'file'), inBytes(bytes)].join(', ');
    const rows = projects.map((project) => [
      project.name,
      versionWords(project),
      inBytes(project.bytes),
      `${project.platforms.join(', ')}${project.status ? ` (${project.status})` : ''}`,
    ]);
    return [
      ...(index > 0 ? [''] : []),
      [bold(name), `  ${totals}`],
      ...inColumns(rows, [2]).map((cells) => `  ${cells.join('  ').trimEnd()}`),
    ];
  });
}

function versionWords({ versions, yanked = [] }: ProjectListing): string {
  const named = versions
    .slice(0, NAMED_VERSIONS)
    .map((version) => (yanked.includes(version) ? `${version} (yanked)` : version))
    .join(', ');
  return versions.length > NAMED_VERSIONS ? `${named} … ${versions.length} in all` : named;
}
