import { defineConfig } from 'vitest/config'

/** Tests that measure how long answers take run when nothing else does: other tests would be what they measure. */
const ALONE = ['tests/protection.test.ts']
/** Each has a browser and a server of its own, which is as much as two cores take. */
const BROWSER = ['tests/browser/**/*.test.ts']

export default defineConfig({
  test: {
    globalSetup: ['packages/server/src/testing/postgres.ts'],
    setupFiles: ['packages/server/src/testing/properties.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // A machine that is busy is no reason to fail.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: [...ALONE, ...BROWSER],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: BROWSER,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: ALONE, sequence: { groupOrder: 2 } },
      },
    ],
  },
})
