import { availableParallelism } from 'node:os';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { Manifest } from '../publish/manifest.ts';
import type { NormalizedName } from '../standards/name.ts';
import { canStartWorkers, JobPool } from './job-pool.ts';
import { type JobSettings, makeContext, type ProjectJob, type ProjectResult, runProjectJob } from './project-job.ts';
import { type SiteScan, sortFiles } from './scan-site.ts';

/** Below so many files a worker thread costs more (it starts in about 50 ms) than it saves. */
const WORTH_A_WORKER = 400;

/** More do not help: the disk and the main thread become the limit. */
const MOST_WORKERS = 8;

export interface Progress {
  stage: 'inspect';
  /** In files. */
  done: number;
  total: number;
}

/**
 * Run the jobs of all touched projects, and again those of projects that got files meanwhile: an sdist whose metadata
 * names another project than its file name lets one guess.
 */
export async function runAllJobs(
  touched: readonly NormalizedName[],
  scan: SiteScan,
  known: Manifest,
  settings: JobSettings,
  options: { jobs?: number; onProgress?: (progress: Progress) => void },
): Promise<Map<NormalizedName, ProjectResult>> {
  const results = new Map<NormalizedName, ProjectResult>();
  const toJob = (name: NormalizedName): ProjectJob => {
    const previous = known.projects.line(name);
    return { name, files: scan.projects.get(name) ?? [], ...(previous !== undefined && { previous }) };
  };
  let names = touched;
  for (let round = 0; names.length > 0; round++) {
    const misplaced = new Set<NormalizedName>();
    const stagingName = settings.stagingName && `${settings.stagingName}${round > 0 ? `-${round}` : ''}`;
    const roundSettings = { ...settings, ...(stagingName && { stagingName }) };
    await runJobs(names.map(toJob), roundSettings, options, (result, job) => {
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
  options: { jobs?: number; onProgress?: (progress: Progress) => void },
  collect: (result: ProjectResult, job: ProjectJob) => void,
): Promise<void> {
  const total = jobs.reduce((sum, job) => sum + job.files.length, 0);
  let done = 0;
  const onResult = (result: ProjectResult, job: ProjectJob) => {
    done += job.files.length;
    collect(result, job);
    options.onProgress?.({ stage: 'inspect', done, total });
  };
  const threads = options.jobs ?? (total < WORTH_A_WORKER ? 1 : Math.min(availableParallelism(), MOST_WORKERS));
  if (threads === 1 || !canStartWorkers()) {
    const context = makeContext(settings);
    for (const job of jobs) onResult(await runProjectJob(job, context), job);
    return;
  }
  const pool = new JobPool(threads, settings);
  try {
    await pool.run(jobs, onResult);
  } finally {
    await pool.close();
  }
}
