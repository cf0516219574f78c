import type { PodFacts } from '../timeline/facts.ts'
import { eachAtOnce, type Session } from './session.ts'

const LONGEST_VALUE = 2_048

/** Reads the ConfigMaps that these pods take settings from; appends 'settings' readings. */
export async function readSettings(
  { cluster, timeline, namespace, signal }: Session,
  pods: readonly PodFacts[],
): Promise<void> {
  const names = [...new Set(pods.flatMap(({ configMaps }) => configMaps))]
  await eachAtOnce(names, async (name) => {
    const found = await cluster.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }, signal)
    const data = Object.entries(found?.data ?? {})
    const values = Object.fromEntries(
      data.map(([key, value]) => [key, String(value).slice(0, LONGEST_VALUE)]),
    )
    timeline.append({
      stream: 'run',
      type: 'reading',
      reading: { read: 'settings', configMap: name, values },
    })
  })
}
