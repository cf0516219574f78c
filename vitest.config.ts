import { defineConfig } from 'vitest/config'

// By what they need: nothing, a build, a cluster, a cluster for themselves.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/kube/**/*.test.ts'],
          // Nothing in src keeps state in a module, so a file needs no process of its own: half the time was that.
          isolate: false,
          // Vitest leaves one core to itself, which is every second one of two.
          maxWorkers: '100%',
        },
      },
      {
        // The embedded cluster over its own HTTPS port: needs nothing but this machine.
        test: {
          name: 'embedded',
          include: ['test/embedded/**/*.test.ts'],
          globalSetup: 'test/helpers/fresh-build.ts',
          // Most of the time of most is waiting; the file of the labs takes as long as all others together.
          maxWorkers: 3,
          testTimeout: 60_000,
        },
      },
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
          // Each file works in a namespace of its own; most of the time is waiting for pods, so four fit two cores.
          maxWorkers: 4,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          // Every lab, solved and done wrong: one run of `labs test`, a test for each play.
          name: 'labs',
          include: ['test/labs/**/*.test.ts'],
          globalSetup: ['test/helpers/fresh-build.ts', 'test/e2e/support/global-setup.ts'],
          maxWorkers: 1,
        },
      },
      {
        test: {
          // Takes parts of the cluster away, so nothing else may use it meanwhile.
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['test/helpers/fresh-build.ts', 'test/e2e/support/global-setup.ts'],
          maxWorkers: 1,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
