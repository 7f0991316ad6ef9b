import { defineConfig } from 'vitest/config';

/** Both projects keep what is temporary in one folder, which goes at the end. */
const globalSetup = ['test/support/temporary-folder.ts'];

/** Layers without disk, network, clock and process (ARCHITECTURE.md#layers): their tests leave nothing behind for one another. */
const PURE = 'src/{catalog,clients,formats,readme,render,standards}/**/*.test.ts';

/** `pure` and `unit` need nothing but npm packages; `e2e` needs what scripts/test.mjs prepares. */
export default defineConfig({
  test: {
    // Files run side by side on all cores; else one stays free.
    maxWorkers: '100%',
    projects: [
      // Files share what they import, which takes half of the time otherwise.
      { test: { name: 'pure', globalSetup, include: [PURE], isolate: false, testTimeout: 20_000 } },
      {
        test: {
          name: 'unit',
          globalSetup,
          include: ['src/**/*.test.ts', 'test/*.test.ts'],
          exclude: [PURE],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'e2e',
          globalSetup,
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          // growth.test.ts counts the work of kho: in a small young generation the collector's grows faster than what it collects. In MiB.
          execArgv: ['--max-semi-space-size=128'],
        },
      },
    ],
  },
});
