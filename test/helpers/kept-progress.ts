import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { LabProgress } from '../../src/run/progress.ts'

/** Keeps progress in a home as the program would: of a student who has begun the lab, and done nothing but `facts`. */
export function keepProgress(home: string, name: string, facts: Partial<LabProgress>): void {
  const progress: Partial<LabProgress> = {
    schemaVersion: 1,
    labVersion: 1,
    namespace: 'statefulset-lab',
    startedAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    current: 'create',
    steps: {},
    created: [],
    runs: [],
    ...facts,
  }
  mkdirSync(path.join(home, 'progress'), { recursive: true })
  writeFileSync(path.join(home, 'progress', name), JSON.stringify(progress))
}
