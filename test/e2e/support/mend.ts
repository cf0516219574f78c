import { expect } from 'vitest'
import { applyYaml } from './apply-yaml.ts'
import type { E2eConnection } from './connect.ts'
import { manifestText, playLab } from './play-lab.ts'
import type { StudentElsewhere } from './student-elsewhere.ts'

/** Plays a lab whose student repairs it elsewhere, to its end. */
export async function mend(lab: string, namespace: string, student: StudentElsewhere) {
  try {
    const { code, kept } = await playLab(lab, namespace, student)
    await student.done()
    expect(code, student.story()).toBe(0)
    return { kept }
  } catch (error) {
    throw new Error(`${error}\n${student.story()}`)
  }
}

/** As a student would with kubectl, in another terminal: no label of ours is on it. */
export async function byHand(api: E2eConnection, namespace: string, file: string): Promise<void> {
  const text = (await manifestText(file)).replaceAll(/^ +labels:\n +sts-lab\.dev\/lab: .*$/gm, '')
  await applyYaml(api, namespace, text)
}
