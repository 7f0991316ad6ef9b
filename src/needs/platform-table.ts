/** Project × version × (repository, platform, Python): what a site has for which machines. Pure; the words are in cli/. */

import { buildProject } from '../catalog/build-project.ts';
import { type CoverageCell, coverage } from '../catalog/coverage.ts';
import type { HeldFile } from '../catalog/held-files.ts';
import type { Project } from '../catalog/model.ts';
import type { RepositoryCatalog } from '../catalog/repository-catalog.ts';
import type { NormalizedName } from '../standards/name.ts';
import { MachineFit } from '../standards/platforms/machine-fit.ts';
import type { TargetMachine } from '../standards/platforms/target-machine.ts';
import { compareVersions, isPrerelease, versionKey } from '../standards/version.ts';

/** One kind of machine that one repository serves. */
export interface TableColumn {
  repository: string;
  platform: string;
  /** The oldest libc of its machines, where that is known. */
  libcFloor?: string;
}

export interface PlatformTable {
  columns: TableColumn[];
  /** Series as `3.11`, oldest first; the cells of each column are in this order. */
  pythons: string[];
  projects: TableProject[];
}

export interface TableProject {
  name: NormalizedName;
  /** Newest first. */
  versions: TableVersion[];
  /** Columns that do not have the newest version that some column has: their places, and what they have. */
  behind: { column: number; releases: number; newest?: string }[];
}

export interface TableVersion {
  version: string;
  /** By column; of each one cell for each Python. A column that knows nothing of this version has `missing` ones. */
  cells: CoverageCell[][];
  /** The held files that cells name, and why they are held. */
  held: HeldFile[];
}

export interface ColumnSource {
  column: TableColumn;
  catalog: RepositoryCatalog;
  /** One for each Python of the table. */
  machines: readonly TargetMachine[];
}

export function platformTable(sources: readonly ColumnSource[], pythons: readonly string[]): PlatformTable {
  const columns = sources.map(({ catalog, machines }) => ({
    projects: new Map(catalog.projects.map((project) => [project.name, project])),
    held: catalog.held,
    fits: machines.map((machine) => new MachineFit(machine)),
  }));
  const names = [...new Set(columns.flatMap(({ projects, held }) => [...projects.keys(), ...held.keys()]))].sort();
  return {
    columns: sources.map(({ column }) => column),
    pythons: [...pythons],
    projects: names.map((name) => {
      const byColumn = columns.map(({ projects, held, fits }) =>
        coverage(projects.get(name) ?? emptyProject(name), held.get(name) ?? [], fits),
      );
      const all = columns.flatMap(({ held }) => held.get(name) ?? []);
      const versions = joinVersions(byColumn, pythons.length, all);
      return { name, versions, behind: findBehind(versions, sources.length) };
    }),
  };
}

function emptyProject(name: NormalizedName): Project {
  return buildProject(name, []);
}

function joinVersions(
  byColumn: readonly ReturnType<typeof coverage>[],
  pythons: number,
  held: readonly HeldFile[],
): TableVersion[] {
  const versions = new Map<string, TableVersion>();
  const missing = () => Array.from({ length: pythons }, (): CoverageCell => ({ state: 'missing' }));
  byColumn.forEach((rows, column) => {
    for (const { version, cells } of rows) {
      const key = versionKey(version);
      const row = versions.get(key) ?? { version, cells: byColumn.map(missing), held: [] };
      row.cells[column] = cells;
      versions.set(key, row);
    }
  });
  for (const version of versions.values()) version.held = heldIn(version, held);
  return [...versions.values()].sort((a, b) => compareVersions(b.version, a.version));
}

function heldIn({ cells }: TableVersion, held: readonly HeldFile[]): HeldFile[] {
  const names = new Set(
    cells.flat().flatMap(({ state, filename, heldWheel }) => (state === 'held' ? filename : heldWheel) ?? []),
  );
  const named = held.filter(({ file }) => names.has(file.slice(file.lastIndexOf('/') + 1)));
  return [...new Map(named.map(({ file, code, what, hint }) => [file, { file, code, what, hint }])).values()];
}

/** Whether pip there installs it without building anything, for one of its Pythons at least. */
export function isInstallable(cells: readonly CoverageCell[]): boolean {
  return cells.some(({ state }) => state === 'wheel' || state === 'pure');
}

/** Pre-releases count only where there is nothing else. */
function findBehind(versions: readonly TableVersion[], columns: number): TableProject['behind'] {
  const finals = versions.filter(({ version }) => !isPrerelease(version));
  const counted = (finals.length > 0 ? finals : versions).filter(({ cells }) => cells.some(isInstallable));
  return Array.from({ length: columns }, (_, column) => {
    const at = counted.findIndex(({ cells }) => isInstallable(cells[column]!));
    return { column, releases: at < 0 ? counted.length : at, ...(at >= 0 && { newest: counted[at]!.version }) };
  }).filter(({ releases }) => releases > 0);
}
