import { setTimeout } from 'node:timers/promises'
import type { Lab, LabStep } from '../../../src/lab/lab.ts'
import type { Clock, ManifestDocument } from '../../../src/ports.ts'
import type { FillTools } from '../../../src/run/fill-tools.ts'
import type { LabDependencies } from '../../../src/run/lab-run.ts'
import { runLab } from '../../../src/run/lab-runner.ts'
import type { LabProgress, ProgressStore } from '../../../src/run/progress.ts'
import { NAMESPACE, SERVICE, SET } from '../../helpers/builders.ts'
import type { FakeCluster } from '../../helpers/fake-cluster.ts'
import type { ScriptedConversation } from '../../helpers/scripted-conversation.ts'

const aStep = (id: string, facts: Partial<LabStep>): LabStep => ({
  id,
  part: '1.1',
  title: id,
  explain: id,
  corrections: [],
  needs: null,
  resumeFrom: null,
  phase: null,
  action: null,
  look: [],
  before: [],
  until: null,
  after: [],
  checks: [],
  shows: [],
  claims: [],
  advice: [],
  conclusion: '',
  questions: [],
  hints: ['first', 'second'],
  timeoutSeconds: 100,
  ...facts,
})

/** Four steps that need no readings. */
export const tinyLab: Lab = {
  id: 'tiny',
  title: 'Tiny',
  version: 1,
  summary: 'tiny',
  minutes: 1,
  guidance: 'full',
  namespace: NAMESPACE,
  statefulSet: SET,
  objectives: [],
  constraints: [],
  criteria: [],
  hints: [],
  aliases: [],
  position: 1,
  questions: [],
  solution: [],
  wrong: [],
  steps: [
    aStep('setup', { action: { do: 'apply', manifests: ['namespace.yaml'] }, until: { see: 'namespace' } }),
    aStep('service', {
      needs: 'setup',
      action: { do: 'apply', manifests: ['service.yaml'] },
      until: { see: 'service', name: SERVICE, headless: true },
      checks: ['service-headless'],
    }),
    aStep('create', {
      needs: 'service',
      phase: 'create',
      action: { do: 'apply', manifests: ['set.yaml'] },
      until: { see: 'ready', replicas: 2 },
      checks: ['sequential-creation'],
    }),
    aStep('grow', {
      needs: 'create',
      phase: 'grow',
      action: { do: 'scale', replicas: 4 },
      until: { see: 'ready', replicas: 4 },
      checks: ['ordered-scale-up'],
      questions: [{ choices: [], accept: [], points: [], ask: 'why?', answer: 'because' }],
    }),
  ],
}

export class MemoryProgress implements ProgressStore {
  kept: LabProgress | null = null
  async read() {
    return this.kept
  }
  async change(how: (before: LabProgress | null) => LabProgress) {
    this.kept = how(this.kept)
    return this.kept
  }
}

/** Ten seconds pass each time it is looked at; sleeping takes next to none. */
const hurriedClock = (): Clock => {
  let ms = 0
  return {
    now: () => new Date(Date.UTC(2026, 0, 1) + ms),
    monotonicMs: () => {
      ms += 10_000
      return ms
    },
    sleep: (_ms, signal) => setTimeout(2, undefined, signal === undefined ? {} : { signal }),
  }
}

const DOCUMENTS: Readonly<Record<string, ManifestDocument['object']>> = {
  'namespace.yaml': { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
  'service.yaml': { apiVersion: 'v1', kind: 'Service', metadata: { name: SERVICE, namespace: NAMESPACE } },
  'set.yaml': { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: SET, namespace: NAMESPACE } },
}

async function loadManifest(file: string): Promise<readonly ManifestDocument[]> {
  const object = DOCUMENTS[file.slice(file.lastIndexOf('/') + 1)]
  if (object === undefined) throw new Error(`no manifest ${file}`)
  return [{ object, source: { file, line: 1, position: () => null } }]
}

export interface TinyRun {
  readonly cluster: FakeCluster
  readonly conversation: ScriptedConversation
  readonly progress?: MemoryProgress
  readonly signal?: AbortSignal
  readonly from?: string
  readonly lab?: Lab
  readonly fill?: FillTools
}

export function runTiny(run: TinyRun) {
  const { cluster, conversation, progress = new MemoryProgress(), signal, from, lab = tinyLab, fill } = run
  const deps: LabDependencies = {
    cluster,
    clock: hurriedClock(),
    conversation,
    progress,
    loadManifest,
    manifests: 'manifests/tiny',
    manifestsShown: 'manifests/tiny',
    newRunId: () => 'run1',
    probeImage: 'busybox:1.36',
    signal: signal ?? new AbortController().signal,
    context: null,
    kubeconfig: null,
    ...(fill === undefined ? {} : { fill }),
  }
  return runLab(lab, { namespace: NAMESPACE, from: from ?? null }, deps)
}
