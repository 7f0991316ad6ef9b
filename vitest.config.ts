import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** All projects keep what is temporary in one folder, which goes at the end. */
const globalSetup = ['test/support/temporary-folder.ts'];

/** Run before each file of tests that call kho's code: see there. */
const setupFiles = ['test/support/each-file.ts'];

/** What sources become is kept, by their content: another run takes seconds less. */
const experimental = { fsModuleCache: true, fsModuleCachePath: '.cache/check/modules' };

/** One file after the other. */
const e2e = {
  globalSetup,
  testTimeout: 300_000,
  hookTimeout: 300_000,
  fileParallelism: false,
  // growth.test.ts counts the work of kho: in a small young generation the collector's grows faster than what it collects. In MiB.
  execArgv: ['--max-semi-space-size=128'],
};

/**
 * `unit` needs nothing but npm packages; the others need what scripts/test.mjs prepares, which runs them at the same time. `beside` holds what
 * keeps one processor busy and asks no clock but its own: kills at each call, whole runs, many random cases.
 */
export default defineConfig({
  test: {
    // Files run side by side, one more than there are cores, since many wait for the disk: a sixth of the time.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: 'unit',
          globalSetup,
          // Files share what they import, which takes half of the time otherwise. So none may mock a module (`vi.mock`).
          isolate: false,
          // Most code runs a few times only: making it fast first, as V8 does, costs an eighth of all the time. In bytes of what has run; by itself 67,584.
          // The collector has few threads to spare beside those of other files, and seldom much to move: a tenth of the time. In MiB.
          execArgv: [
            '--interrupt-budget=2000000',
            '--single-threaded-gc',
            '--min-semi-space-size=32',
            '--max-semi-space-size=32',
          ],
          experimental,
          setupFiles,
          include: ['src/**/*.test.ts', 'test/*.test.ts'],
          // A machine may be busy. A file that hangs is ended by scripts/test.mjs.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { ...e2e, name: 'e2e', include: ['test/e2e/**/*.test.ts'] } },
      { test: { ...e2e, name: 'beside', setupFiles, experimental, include: ['test/beside/**/*.test.ts'] } },
    ],
  },
});
