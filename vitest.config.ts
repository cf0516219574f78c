import { defineConfig } from 'vitest/config'

// Three suites, by what they need: nothing, a build, a cluster.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts', 'test/kube/**/*.test.ts'] } },
      {
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          globalSetup: 'test/helpers/fresh-build.ts',
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/helpers/fresh-build.ts', 'test/e2e/support/global-setup.ts'],
          // Each file works in a namespace of its own; two at a time is what two cores carry without slowing pods.
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
