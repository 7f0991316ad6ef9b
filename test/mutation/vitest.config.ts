import { defineConfig } from 'vitest/config';

/** For `npm run mutate`, which says which tests: they run once for each change of the code, in threads, in a copy of the tree. */
export default defineConfig({
  test: {
    include: (process.env['KHO_MUTATE_TESTS'] ?? '').split(','),
    globalSetup: ['test/support/temporary-folder.ts'],
    testTimeout: 120_000,
  },
});
