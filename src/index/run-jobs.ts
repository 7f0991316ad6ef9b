import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import type { LearnedFiles } from '../inspect/learned-files.ts';
import type { PackageReader } from '../inspect/package-reader.ts';
import { namesIn } from '../io/open-file.ts';
import { JobPool, threadsFor } from '../jobs/job-pool.ts';
import type { Manifest } from '../publish/manifest.ts';
import type { NormalizedName } from '../standards/name.ts';
import { type JobSettings, type ProjectJob, type ProjectResult, projectJobs } from './project-job.ts';
import { type SiteScan, sortFiles } from './scan-site.ts';

/** Below so many files a worker thread costs more (it starts in about 50 ms) than it saves. */
const WORTH_A_WORKER = 400;

type ProjectPool = JobPool<ProjectJob, ProjectResult>;

export interface Progress {
  stage: 'inspect';
  /** In files. */
  done: number;
  total: number;
}

/** How many threads share the jobs; decided by the number of files when absent. */
export interface JobOptions {
  jobs?: number;
  onProgress?: (progress: Progress) => void;
  /** What was read of files before they came to their places. */
  known?: LearnedFiles;
  /** Keeps what this thread reads of packages. */
  packages?: PackageReader;
}

/**
 * Threads for a first build, started before the scan: they take as long to start as it takes. Undefined where their use is not
 * certain enough.
 */
export function startEarly(
  config: SiteConfig,
  manifestBefore: Manifest,
  settings: JobSettings,
  { jobs, packages }: JobOptions,
): ProjectPool | undefined {
  if (settings.stagingName === undefined || manifestBefore.generation !== '') return undefined;
  const names = config.repositories.reduce((sum, { packages }) => sum + countNames(packages), 0);
  return newPool(settings, packages).grow(threadsFor(names >= WORTH_A_WORKER, jobs));
}

function countNames(folder: string | undefined): number {
  try {
    return folder === undefined ? 0 : namesIn(folder).length;
  } catch {
    return 0; // the scan will say why
  }
}

function newPool(settings: JobSettings, packages: PackageReader | undefined): ProjectPool {
  return new JobPool({ kho: 'project-jobs', settings }, () => projectJobs(settings, packages));
}

/**
 * Run the jobs of all touched projects, and again those of projects that got files meanwhile: an sdist whose metadata
 * names another project than its file name lets one guess.
 *
 * @param early threads that were started for it
 */
export async function runAllJobs(
  touched: readonly NormalizedName[],
  scan: SiteScan,
  manifestBefore: Manifest,
  settings: JobSettings,
  options: JobOptions,
  early: ProjectPool | undefined,
): Promise<Map<NormalizedName, ProjectResult>> {
  const results = new Map<NormalizedName, ProjectResult>();
  const toJob = (name: NormalizedName): ProjectJob => {
    const previous = manifestBefore.projects.line(name);
    const files = scan.projects.get(name) ?? [];
    const known = files.flatMap((file) => options.known?.find(sitePath(file), file.stamp) ?? []);
    return { name, files, ...(previous !== undefined && { previous }), ...(known.length > 0 && { known }) };
  };
  let names = touched;
  for (let round = 0; names.length > 0; round++) {
    const misplaced = new Set<NormalizedName>();
    const stagingName = settings.stagingName && `${settings.stagingName}${round > 0 ? `-${round}` : ''}`;
    const roundSettings = { ...settings, ...(stagingName && { stagingName }) };
    const pool = round === 0 ? early : undefined;
    await runJobs(names.map(toJob), roundSettings, options, pool, (result, job) => {
      results.set(result.name, result);
      for (const { file, project } of result.strays) {
        job.files.splice(
          job.files.findIndex((other) => sitePath(other) === sitePath(file)),
          1,
        );
        const files = scan.projects.get(project) ?? [];
        scan.projects.set(project, files);
        files.push(file);
        sortFiles(files);
        misplaced.add(project);
      }
    });
    names = [...misplaced];
  }
  return results;
}

/** On several threads where that pays. */
async function runJobs(
  jobs: readonly ProjectJob[],
  settings: JobSettings,
  options: JobOptions,
  early: ProjectPool | undefined,
  collect: (result: ProjectResult, job: ProjectJob) => void,
): Promise<void> {
  const total = jobs.reduce((sum, job) => sum + job.files.length, 0);
  let done = 0;
  const onResult = (result: ProjectResult, job: ProjectJob) => {
    done += job.files.length;
    collect(result, job);
    options.onProgress?.({ stage: 'inspect', done, total });
  };
  const pool = early ?? newPool(settings, options.packages);
  pool.grow(threadsFor(total >= WORTH_A_WORKER, options.jobs));
  try {
    await pool.run(jobs, onResult);
  } catch (error) {
    await pool.close();
    throw error;
  }
  void pool.close();
}
