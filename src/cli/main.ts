/** Where kho starts: a command of the command line, or a thread that a build has started. */

async function start(words: readonly string[]): Promise<void> {
  const { isMainThread, workerData } = await import('node:worker_threads');
  if (isMainThread) {
    process.umask(0o022); // Web servers run as somebody else, and must be able to read what is published.
    const { runAndReport } = await import('./run.ts');
    await runAndReport(words);
  } else if (workerData?.kho === 'project-jobs') {
    const { serveJobs } = await import('../jobs/job-worker.ts');
    const { projectJobs } = await import('../index/project-job.ts');
    serveJobs(projectJobs);
  } else if (workerData?.kho === 'page-jobs') {
    const { serveJobs } = await import('../jobs/job-worker.ts');
    const { pageJobs } = await import('../pages/page-job.ts');
    serveJobs(pageJobs);
  } else if (workerData?.kho === 'site-builds') {
    const { serveOrders } = await import('../jobs/serve-orders.ts');
    const { runBuild } = await import('../watch/run-build.ts');
    serveOrders(runBuild);
  } else if (workerData?.kho === 'asked-builds') {
    const { serveOrders } = await import('../jobs/serve-orders.ts');
    const { runAsked } = await import('../watch/run-asked.ts');
    serveOrders(runAsked);
  } else if (workerData?.kho === 'site-uploads') {
    const { serveOrders } = await import('../jobs/serve-orders.ts');
    const { runUpload } = await import('../upload/upload-thread.ts');
    serveOrders(runUpload);
  } else if (workerData?.kho === 'site-changes') {
    const { serveOrders } = await import('../jobs/serve-orders.ts');
    const { runChange } = await import('../changes/run-change.ts');
    serveOrders(runChange);
  } else if (workerData?.kho === 'upstream-pages') {
    const { serveOrders } = await import('../jobs/serve-orders.ts');
    const { runPageOrder } = await import('../upstream/pages/page-orders.ts');
    serveOrders(runPageOrder);
  } else if (workerData?.kho === 'upstream-files') {
    const { serveOrders } = await import('../jobs/serve-orders.ts');
    const { lookInto } = await import('../upstream/files/look-into.ts');
    serveOrders(lookInto);
  } else if (workerData?.kho === 'advisories') {
    const { serveOrders } = await import('../jobs/serve-orders.ts');
    const { runReadOrder } = await import('../admission/advisory-thread.ts');
    serveOrders(runReadOrder);
  } else if (workerData?.kho === 'bucket-pushes') {
    const { serveOrders } = await import('../jobs/serve-orders.ts');
    const { runPush } = await import('../bucket/run-push.ts');
    serveOrders(runPush);
  }
}

void start(process.argv.slice(2)); // no module with `await` outside of functions can be part of a bundle that starts as quickly
