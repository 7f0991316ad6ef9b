import type { Candidate } from '../catalog/candidate.ts';
import type { Resolution, Resolved } from './resolution.ts';

/** What was found for one machine. */
export interface TargetReport {
  platform: string;
  /** As it was asked for: `3.11`. */
  python: string;
  repository: string;
  resolution: Resolution<Candidate>;
}

/** Something to build, for the machines that need it. */
export interface ToBuild {
  platform: string;
  python: string;
  name: string;
  /** `numpy==2.3.1`; where no version is known, what is asked for: `numpy>=2`. */
  requirement: string;
  /** There is an sdist in the repository. */
  hasSdist: boolean;
}

export function isMissing({ verdict }: Resolved<Candidate>): boolean {
  return verdict !== 'there';
}

/** Whether nothing is missing, as far as anybody can tell. */
export function isComplete({ resolution }: TargetReport): boolean {
  return resolution.unread.length === 0 && !resolution.projects.some(isMissing);
}

/** All that is missing and can be built, in the order of the targets. A contradiction cannot. */
export function buildList(reports: readonly TargetReport[]): ToBuild[] {
  return reports.flatMap(({ platform, python, resolution }) =>
    resolution.projects
      .filter((project) => isMissing(project) && project.verdict !== 'conflict')
      .map(({ name, version, specifiers, verdict }) => ({
        ...{ platform, python, name, hasSdist: verdict === 'sdist' },
        requirement: version === undefined ? `${name}${specifiers}` : `${name}==${version}`,
      })),
  );
}
