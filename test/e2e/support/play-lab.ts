import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { readLab } from '../../../src/cli/labs.ts'
import { systemClock } from '../../../src/host/clock.ts'
import { readIfExists } from '../../../src/host/files.ts'
import { openCluster } from '../../../src/kube/cluster.ts'
import { parseManifest } from '../../../src/kube/manifest.ts'
import type { Lab } from '../../../src/lab/lab.ts'
import type { Conversation } from '../../../src/run/conversation.ts'
import type { StudentFolder } from '../../../src/run/fill-tools.ts'
import { runLab } from '../../../src/run/lab-runner.ts'
import { progressInMemory } from '../../../src/run/proof/unattended.ts'
import { theCluster } from './cluster.ts'

const root = path.resolve(import.meta.dirname, '../../..')

interface Play {
  /** The lab as it is to be played. */
  readonly change?: (lab: Lab) => Lab
  /** Where the student's files are; without it, our own solution is filled in. */
  readonly student?: StudentFolder
  readonly timeoutMs?: number
}

/** Leads a scripted student through a lab of the project, on the cluster of this run. */
export async function playLab(
  id: string,
  namespace: string,
  conversation: Conversation,
  { change = (lab) => lab, student, timeoutMs = 240_000 }: Play = {},
) {
  const { kubeconfig } = theCluster()
  const cluster = await openCluster({ context: undefined, kubeconfig, env: {}, clock: systemClock })
  const progress = progressInMemory()
  const manifests = path.join(root, 'manifests', id)
  try {
    const lab = await readLab(
      {
        labsDir: path.join(root, 'labs'),
        manifestsDir: path.join(root, 'manifests'),
        files: { read: readIfExists, write: () => Promise.reject(new Error('nothing is written here')) },
      },
      id,
    )
    const code = await runLab(
      change(lab),
      { namespace, from: null },
      {
        cluster,
        clock: systemClock,
        conversation,
        signal: AbortSignal.timeout(timeoutMs),
        progress,
        loadManifest: async (file) => parseManifest(await readFile(file, 'utf8'), path.basename(file)),
        manifests,
        manifestsShown: `manifests/${id}`,
        newRunId: () => `e2e-${Date.now().toString(36)}`,
        probeImage: 'busybox:1.36',
        context: null,
        kubeconfig: null,
        fill: {
          template: (file) => readFile(path.join(manifests, file), 'utf8'),
          parse: async (text, file) => parseManifest(text, file),
          student: student ?? null,
          prompt: false,
        },
      },
    )
    return { code, kept: await progress.read() }
  } finally {
    cluster.close()
  }
}

/** A file of manifests/, as it is in the repository. */
export const manifestText = (file: string): Promise<string> =>
  readFile(path.join(root, 'manifests', file), 'utf8')
