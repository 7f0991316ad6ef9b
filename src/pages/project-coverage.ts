import { type CoverageRow, coverage } from '../catalog/coverage.ts';
import type { HeldFile } from '../catalog/held-files.ts';
import type { Project } from '../catalog/model.ts';
import { summarizePlatforms } from '../catalog/platform-summary.ts';
import type { ProjectCoverage, RepositoryMachines } from '../render/web/model.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';
import { namedMachines } from './known-fits.ts';

/**
 * What there is of each version for each machine of a repository. Undefined for a project of nothing but pure wheels, which run on all, and
 * where no machine is known.
 */
export function projectCoverage(
  project: Project,
  held: readonly HeldFile[],
  of: RepositoryMachines,
): ProjectCoverage | undefined {
  if (!project.latest || isPure(project)) return undefined;
  const machines = namedMachines(of);
  if (machines.length === 0) return undefined;
  const rows: CoverageRow[] = coverage(
    project,
    held,
    machines.map(({ fit }) => fit),
  );
  const named = machines.map(({ platform, python }) => ({ platform, python }));
  return { machines: named, rows, summary: summarizePlatforms(rows, named, project.latest.version) };
}

function isPure({ releases }: Project): boolean {
  return releases.every(({ files }) =>
    files.some(({ kind, filename }) => kind === 'wheel' && parseWheelFilename(filename).platform === 'any'),
  );
}
