import { defineConfig } from 'vitest/config'

/** Of the e2e tests, what a command does to a cluster: one that passes, one of each kind of wrong, one cut off. */
const ON_PRACTICE = [
  'start',
  'section3',
  'verify-interrupted',
  'verify-right-plain',
  'verify-untrusted',
  'verify-wrong-content',
  'verify-wrong-order',
  'verify-wrong-storage',
]

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
          // The built command: alone, and on a practice cluster, with those e2e tests that need no long wait there.
          name: 'cli',
          include: ['test/cli/**/*.test.ts', ...ON_PRACTICE.map((file) => `test/e2e/${file}.test.ts`)],
          globalSetup: ['test/helpers/fresh-build.ts', 'test/helpers/practice-cluster.ts'],
          // Half of the time of most is waiting for pods.
          maxWorkers: 4,
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
