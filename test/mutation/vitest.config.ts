import { defineConfig } from 'vitest/config';

/** For `npm run mutate`, which says which tests: they run once for each change of the code, in threads, in a copy of the tree. */
export default defineConfig({
  test: {
    include: (process.env['KHO_MUTATE_TESTS'] ?? '').split(','),
    globalSetup: ['test/support/temporary-folder.ts'],
    // Files share what they import, as in `npm run unit`: else each change of the code waits for that more than for tests.
    isolate: false,
    pool: 'threads',
    testTimeout: 120_000,
  },
});
