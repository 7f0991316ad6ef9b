import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Both projects keep what is temporary in one folder, which goes at the end. */
const globalSetup = ['test/support/temporary-folder.ts'];

/** Keep one processor busy, and ask no clock but its own. */
const BESIDE = ['crash-commands', 'crash', 'formats-oracle', 'growth', 'pull-killed', 'readme-attacks'].map(
  (name) => `test/e2e/${name}.test.ts`,
);

/** One file after the other. */
const e2e = {
  globalSetup,
  testTimeout: 300_000,
  hookTimeout: 300_000,
  fileParallelism: false,
  // growth.test.ts counts the work of kho: in a small young generation the collector's grows faster than what it collects. In MiB.
  execArgv: ['--max-semi-space-size=128'],
};

/** `unit` needs nothing but npm packages; `e2e` needs what scripts/test.mjs prepares, and `beside` is the part of it that it runs at the same time. */
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
          execArgv: ['--interrupt-budget=2000000'],
          // What sources become is kept, by their content: another run takes seconds less.
          experimental: { fsModuleCache: true, fsModuleCachePath: '.cache/check/modules' },
          setupFiles: ['test/support/each-file.ts'],
          include: ['src/**/*.test.ts', 'test/*.test.ts'],
          // A machine may be busy. A file that hangs is ended by scripts/test.mjs.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { ...e2e, name: 'e2e', include: ['test/e2e/**/*.test.ts'], exclude: BESIDE } },
      { test: { ...e2e, name: 'beside', include: BESIDE } },
    ],
  },
});
