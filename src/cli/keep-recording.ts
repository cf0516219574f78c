import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { usageError } from '../errors.ts'
import type { Lab } from '../lab/lab.ts'
import type { PlayProof } from '../result/labs-proof.ts'
import type { ClusterIdentity } from '../result.ts'
import type { Observation } from '../timeline/observation.ts'
import type { Services } from './services.ts'

export interface RecordedPlay {
  readonly lab: Lab
  readonly proof: PlayProof
  readonly observations: readonly Observation[]
  readonly cluster: ClusterIdentity
}

/** Makes the folder, before a cluster is asked for anything. @throws LabError 'no-recordings' (usage). */
export async function prepareRecordings(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw usageError(
      'no-recordings',
      `--recordings ${folder}: ${reason}`,
      'name a folder that you may write to',
    )
  }
}

/** Writes what was recorded of a play into `folder`, as `<lab>.<play>.jsonl`; one from before is replaced. */
export async function keepRecording(
  folder: string,
  { lab, proof, observations, cluster }: RecordedPlay,
  { files, version, clock }: Pick<Services, 'files' | 'version' | 'clock'>,
): Promise<void> {
  const { writeRecording } = await import('../timeline/jsonl.ts')
  const name = lab.statefulSet ?? ''
  const set = observations.find(
    (each) => each.stream === 'statefulsets' && 'object' in each && each.object.name === name,
  )
  const uid = set !== undefined && 'object' in set ? set.object.uid : null
  const header = {
    kind: 'sts-lab-recording',
    version: 1,
    target: { namespace: proof.namespace, name, uid },
    cluster,
    tool: { name: 'sts-lab', version },
    lab: lab.id,
    startedAt: observations[0]?.at ?? clock.now().toISOString(),
  } as const
  await files.write(
    path.join(folder, `${lab.id}.${proof.id}.jsonl`),
    writeRecording({ header, observations }),
  )
}
