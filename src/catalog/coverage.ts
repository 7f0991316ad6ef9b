import { type BinaryNeeds, MachineFit } from '../standards/platforms/machine-fit.ts';
import type { TargetMachine } from '../standards/platforms/target-machine.ts';
import { compareVersions, versionKey } from '../standards/version.ts';
import { parseWheelFilename, type WheelFilename } from '../standards/wheel-filename.ts';
import { type HeldCandidate, type HeldFile, heldRank, readHeldFile } from './held-files.ts';
import type { IndexedFile, Project } from './model.ts';

/** What a repository has of one version for one machine, best first. */
export const COVERAGE_STATES = ['wheel', 'pure', 'sdist', 'yanked', 'held', 'excluded', 'missing'] as const;

/**
 * `sdist`: only that, it has to be built there. `yanked`, `held`: there is something, but all of it yanked or held.
 * `excluded`: its Requires-Python leaves this Python out.
 */
export type CoverageState = (typeof COVERAGE_STATES)[number];

export interface CoverageCell {
  state: CoverageState;
  /** The file that decides: the best one that the machine can use. */
  filename?: string;
  /** The oldest glibc that this wheel runs with, `2.17`. */
  glibcFloor?: string;
  /** A wheel for this machine that is held, where it would be better than what is there. */
  heldWheel?: string;
}

export interface CoverageRow {
  version: string;
  /** In the order of the machines that were asked for. */
  cells: CoverageCell[];
}

/** For each version, newest first, what there is for each machine. */
export function coverage(
  project: Project,
  held: readonly HeldFile[],
  machines: readonly (TargetMachine | MachineFit)[],
): CoverageRow[] {
  const fits = machines.map((machine) => (machine instanceof MachineFit ? machine : new MachineFit(machine)));
  return [...groupByVersion(project, held).values()]
    .sort((a, b) => compareVersions(b.version, a.version))
    .map(({ version, files }) => ({ version, cells: fits.map((fit) => cellOf(files, fit)) }));
}

interface KnownFile {
  filename: string;
  /** Absent for an sdist. */
  wheel?: WheelFilename;
  needs?: BinaryNeeds;
  requiresPython?: string;
  state: 'listed' | 'yanked' | 'held';
  /** New clients do not look at it. */
  isPassedOver?: true;
  held?: HeldCandidate;
}

function groupByVersion(project: Project, held: readonly HeldFile[]) {
  const versions = new Map<string, { version: string; files: KnownFile[] }>();
  const add = (version: string, file: KnownFile) => {
    const key = versionKey(version);
    const sameVersion = versions.get(key);
    if (sameVersion) sameVersion.files.push(file);
    else versions.set(key, { version, files: [file] });
  };
  for (const { version, files } of project.releases) for (const file of files) add(version, listedFile(file));
  for (const file of held) {
    const candidate = readHeldFile(file, project.name);
    if (!candidate) continue;
    const { filename, version, wheel } = candidate;
    add(version, { filename, state: 'held', held: candidate, ...(wheel && { wheel }) });
  }
  return versions;
}

function listedFile(file: IndexedFile): KnownFile {
  return {
    filename: file.filename,
    state: file.yanked === undefined ? 'listed' : 'yanked',
    ...(file.kind === 'wheel' && { wheel: parseWheelFilename(file.filename) }),
    ...(file.passedOver !== undefined && { isPassedOver: true }),
    ...(file.binaries && { needs: file.binaries }),
    ...(file.requiresPython !== undefined && { requiresPython: file.requiresPython }),
  };
}

function cellOf(files: readonly KnownFile[], fit: MachineFit): CoverageCell {
  const usable = files.flatMap((file) => {
    const rank = rankOf(file, fit);
    return rank === undefined ? [] : [{ file, rank }];
  });
  usable.sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank));
  const taken = usable.filter(({ file }) => fit.takesPython(file.requiresPython)).map(({ file }) => file);
  const best = (state: KnownFile['state']) => taken.find((file) => file.state === state);

  const listed = best('listed');
  const heldWheel = taken.find((file) => file.state === 'held' && file.wheel);
  if (listed) {
    return {
      state: listed.wheel ? (isPure(listed.wheel) ? 'pure' : 'wheel') : 'sdist',
      filename: listed.filename,
      ...floorOf(listed, fit),
      ...(!listed.wheel && heldWheel && { heldWheel: heldWheel.filename }),
    };
  }
  for (const state of ['yanked', 'held'] as const) {
    const file = best(state);
    if (file) return { state, filename: file.filename };
  }
  const [excluded] = usable;
  return excluded ? { state: 'excluded', filename: excluded.file.filename } : { state: 'missing' };
}

function rankOf({ wheel, needs, held, isPassedOver }: KnownFile, fit: MachineFit): number | undefined {
  if (isPassedOver) return undefined;
  if (held) return heldRank(held, fit);
  return wheel ? fit.rank(wheel, needs) : Number.POSITIVE_INFINITY;
}

function isPure({ platform }: WheelFilename): boolean {
  return platform.toLowerCase().split('.').includes('any');
}

/** From what is inside, else from the tag: the lowest that it names. */
function floorOf({ wheel, needs }: KnownFile, { machine }: MachineFit): { glibcFloor?: string } {
  if (!wheel || !machine.platform.startsWith('glibc-')) return {};
  const glibcFloor = needs?.glibcFloor ?? glibcFloorOfTag(wheel.platform);
  return glibcFloor === undefined ? {} : { glibcFloor };
}

const OLD_MANYLINUX: Record<string, string> = { '1': '2.5', '2010': '2.12', '2014': '2.17' };

function glibcFloorOfTag(platform: string): string | undefined {
  const floors = [...platform.toLowerCase().matchAll(/manylinux(?:_(\d+)_(\d+)|(1|2010|2014))_/g)].map(
    ([, major, minor, name]) => (name === undefined ? `${major}.${minor}` : OLD_MANYLINUX[name]!),
  );
  return floors.sort(compareVersions)[0];
}
