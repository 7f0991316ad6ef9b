import { type CoverageRow, coverage } from '../catalog/coverage.ts';
import type { HeldFile } from '../catalog/held-files.ts';
import type { Project } from '../catalog/model.ts';
import { summarizePlatforms } from '../catalog/platform-summary.ts';
import { FormatError } from '../problems.ts';
import type { ProjectCoverage, RepositoryMachines } from '../render/web/model.ts';
import { MachineFit } from '../standards/platforms/machine-fit.ts';
import { parseTargetPython } from '../standards/platforms/target-machine.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';

/** What a machine takes is a long list: made once for each. */
const fits = new Map<string, MachineFit | undefined>();

/**
 * What there is of each version for each machine of a repository. Undefined for a project of nothing but pure wheels, which run on all, and
 * where no machine is known.
 */
export function projectCoverage(
  project: Project,
  held: readonly HeldFile[],
  { platforms, pythons }: RepositoryMachines,
): ProjectCoverage | undefined {
  if (!project.latest || isPure(project)) return undefined;
  const machines = platforms
    .flatMap((platform) => pythons.map((python) => ({ platform, python, fit: fitOf(platform, python) })))
    .filter(({ fit }) => fit !== undefined);
  if (machines.length === 0) return undefined;
  const rows: CoverageRow[] = coverage(
    project,
    held,
    machines.map(({ fit }) => fit as MachineFit),
  );
  const named = machines.map(({ platform, python }) => ({ platform, python }));
  return { machines: named, rows, summary: summarizePlatforms(rows, named, project.latest.version) };
}

/** Undefined for a platform that kho knows no tags of. */
function fitOf(platform: string, python: string): MachineFit | undefined {
  const key = `${platform} ${python}`;
  if (!fits.has(key)) fits.set(key, makeFit(platform, python));
  return fits.get(key);
}

function makeFit(platform: string, python: string): MachineFit | undefined {
  try {
    return new MachineFit({ platform, python: parseTargetPython(python) });
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function isPure({ releases }: Project): boolean {
  return releases.every(({ files }) =>
    files.some(({ kind, filename }) => kind === 'wheel' && parseWheelFilename(filename).platform === 'any'),
  );
}
